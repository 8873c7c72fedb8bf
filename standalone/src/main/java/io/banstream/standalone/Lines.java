package io.banstream.standalone;

import java.io.IOException;
import java.io.InputStream;

/** A log cut into lines, byte by byte as it is: no character set is assumed. */
final class Lines {
  private static final int CHUNK = 1 << 16;

  private final InputStream in;
  private byte[] buffer = new byte[CHUNK];
  private int from;
  private int to;

  Lines(InputStream in) {
    this.in = in;
  }

  /** Takes a line. */
  interface Taker {
    /**
     * @param buffer holds it from {@code from} to {@code to}, its end (LF, CR LF) left out; valid
     *     during the call
     * @param number from 1
     */
    void take(byte[] buffer, int from, int to, long number) throws IOException;
  }

  /**
   * Gives every line, the last one also where it has no end.
   *
   * @return how many there were
   */
  long forEach(Taker taker) throws IOException {
    long count = 0;
    for (int n = read(); n > 0; n = read()) {
      for (int end = to - n; end < to; end++) {
        if (buffer[end] == '\n') {
          taker.take(buffer, from, withoutReturn(end), ++count);
          from = end + 1;
        }
      }
    }
    if (from < to) {
      taker.take(buffer, from, withoutReturn(to), ++count);
    }
    return count;
  }

  private int withoutReturn(int end) {
    return end > from && buffer[end - 1] == '\r' ? end - 1 : end;
  }

  /** Reads more behind what is left of the last line; gives how much, below 1 at the end. */
  private int read() throws IOException {
    int left = to - from;
    byte[] room = left > buffer.length / 2 ? new byte[buffer.length * 2] : buffer;
    System.arraycopy(buffer, from, room, 0, left);
    buffer = room;
    from = 0;
    int n = in.read(buffer, left, buffer.length - left);
    to = left + Math.max(0, n);
    return n;
  }
}
