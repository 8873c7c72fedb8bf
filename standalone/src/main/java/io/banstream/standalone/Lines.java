package io.banstream.standalone;

import java.io.IOException;
import java.io.InputStream;

/** A log read in pieces of whole lines, its bytes as they are: no character set is assumed. */
final class Lines {
  private static final int CHUNK = 1 << 16;

  private final InputStream in;
  private byte[] buffer = new byte[CHUNK];
  private int to;

  Lines(InputStream in) {
    this.in = in;
  }

  /** Takes lines. */
  interface Taker {
    /**
     * @param buffer holds lines from 0 to {@code to}, valid during the call; only the log's last
     *     one may lack its LF
     */
    void take(byte[] buffer, int to) throws IOException;
  }

  /** Gives every line. */
  void forEach(Taker taker) throws IOException {
    for (int n = read(); n > 0; n = read()) {
      int end = to;
      while (end > to - n && buffer[end - 1] != '\n') {
        end--;
      }
      if (end > to - n) {
        taker.take(buffer, end);
        System.arraycopy(buffer, end, buffer, 0, to - end);
        to -= end;
      }
    }
    if (to > 0) {
      taker.take(buffer, to);
    }
  }

  /** Reads more behind the last line's beginning; gives how much, below 1 at the end. */
  private int read() throws IOException {
    if (to > buffer.length / 2) {
      byte[] room = new byte[buffer.length * 2];
      System.arraycopy(buffer, 0, room, 0, to);
      buffer = room;
    }
    int n = in.read(buffer, to, buffer.length - to);
    to += Math.max(0, n);
    return n;
  }
}
