package io.banstream.jails;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds and counts the LFs of a log, eight bytes at a time where there are many. */
final class Newlines {
  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long LFS = 0x0a0a0a0a0a0a0a0aL;
  private static final long LOW_BITS = 0x7f7f7f7f7f7f7f7fL;

  private Newlines() {}

  static int count(byte[] buf, int from, int to) {
    int others = 0;
    int i = from;
    for (; i <= to - Long.BYTES; i += Long.BYTES) {
      long lfAsZero = (long) EIGHT.get(buf, i) ^ LFS;
      // The top bit of each byte that is not zero; no carry goes from one byte to the next.
      long set = ((lfAsZero & LOW_BITS) + LOW_BITS | lfAsZero) & ~LOW_BITS;
      others += Long.bitCount(set);
    }
    int count = i - from - others;
    for (; i < to; i++) {
      count += buf[i] == '\n' ? 1 : 0;
    }
    return count;
  }

  /** Where the first one is; {@code to} where there is none. */
  static int first(byte[] buf, int from, int to) {
    int at = from;
    while (at < to && buf[at] != '\n') {
      at++;
    }
    return at;
  }

  /** Where the last one is; {@code from - 1} where there is none. */
  static int last(byte[] buf, int from, int to) {
    int at = to - 1;
    while (at >= from && buf[at] != '\n') {
      at--;
    }
    return at;
  }
}
