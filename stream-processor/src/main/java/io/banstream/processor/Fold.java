package io.banstream.processor;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;

/**
 * Consecutive records of one partition, as the bytes of one.
 *
 * <pre>
 * fold   = mark(1) record*
 * record = offset(8) append(8) key value
 * key, value = length(4, -1: null) bytes
 * </pre>
 */
final class Fold {
  private static final byte MARK = (byte) 0xF0;
  private static final int NULL = -1;
  private static final int NUMBERS = 2 * Long.BYTES + 2 * Integer.BYTES;

  private byte[] bytes = new byte[1 << 12];
  private int length;

  Fold() {
    bytes[length++] = MARK;
  }

  /** Takes the records of a fold, one by one. */
  interface Each {
    void take(byte[] key, byte[] value, long offset, Instant append);
  }

  /**
   * @param append in milliseconds since 1970
   */
  void add(byte[] key, byte[] value, long offset, long append) {
    room(NUMBERS + length(key) + length(value));
    ByteBuffer to = ByteBuffer.wrap(bytes, length, bytes.length - length);
    to.putLong(offset).putLong(append);
    put(to, key);
    put(to, value);
    length = to.position();
  }

  private static int length(byte[] part) {
    return part == null ? 0 : part.length;
  }

  private static void put(ByteBuffer to, byte[] part) {
    to.putInt(part == null ? NULL : part.length);
    if (part != null) {
      to.put(part);
    }
  }

  private void room(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
    }
  }

  int length() {
    return length;
  }

  byte[] bytes() {
    return Arrays.copyOf(bytes, length);
  }

  /**
   * @throws IllegalStateException if it is none: somebody has let a record past the folding
   */
  static void unfold(byte[] bytes, Each each) {
    if (bytes == null || bytes.length == 0 || bytes[0] != MARK) {
      throw new IllegalStateException("a record came that is not folded");
    }
    ByteBuffer from = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
    while (from.hasRemaining()) {
      long offset = from.getLong();
      Instant append = Instant.ofEpochMilli(from.getLong());
      byte[] key = get(from);
      each.take(key, get(from), offset, append);
    }
  }

  private static byte[] get(ByteBuffer from) {
    int length = from.getInt();
    if (length == NULL) {
      return null;
    }
    byte[] part = new byte[length];
    from.get(part);
    return part;
  }
}
