package io.banstream.jails;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The last {@value #MOST} bytes of a log before a place in it: lines that no filter looked at may
 * be asked for their date after all.
 */
final class LinesBefore {
  private static final int MOST = 1 << 10;

  /** What was read before the bytes at hand. */
  private byte[] earlier = {};

  /** Whether the log holds more before that. */
  private boolean more;

  /** Where the bytes at hand begin in their buffer. */
  private int begin;

  /** Bytes are at hand: those of a buffer from {@code from} on. */
  void begin(int from) {
    begin = from;
  }

  /** They are gone through up to {@code to}, a line's end whether or not its LF is there. */
  void end(byte[] buf, int to) {
    more |= earlier.length + to - begin > MOST;
    earlier = upTo(buf, to);
    if (to > begin && buf[to - 1] != '\n') {
      earlier = Arrays.copyOf(earlier, earlier.length + 1);
      earlier[earlier.length - 1] = '\n';
    }
  }

  private byte[] upTo(byte[] buf, int to) {
    int taken = Math.min(MOST, to - begin);
    int kept = Math.min(MOST - taken, earlier.length);
    byte[] all = Arrays.copyOfRange(earlier, earlier.length - kept, earlier.length + taken);
    System.arraycopy(buf, to - taken, all, kept, taken);
    return all;
  }

  /** The whole lines before the one that begins at {@code buf[from]}, the nearest first. */
  List<byte[]> of(byte[] buf, int from) {
    byte[] all = upTo(buf, from);
    boolean cut = more || earlier.length + from - begin > MOST;
    int first = cut ? Newlines.first(all, 0, all.length) + 1 : 0;
    List<byte[]> lines = new ArrayList<>();
    int end = all.length - 1;
    while (end > first) {
      int start = Newlines.last(all, first, end) + 1;
      lines.add(Arrays.copyOfRange(all, start, end));
      end = start - 1;
    }
    return lines;
  }
}
