package io.banstream.standalone;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A log read in pieces of whole lines, its bytes as they are: no character set is assumed. One that
 * gzip has packed is unpacked.
 */
final class Lines {
  private static final int CHUNK = 1 << 16;

  private final String name;
  private final InputStream in;
  private byte[] buffer = new byte[CHUNK];
  private int to;

  /**
   * @param name of the log, for messages
   */
  Lines(InputStream in, String name) throws IOException {
    this.name = name;
    this.in = unpacked(in);
  }

  /** No line of text begins with gzip's two bytes. */
  private static InputStream unpacked(InputStream in) throws IOException {
    byte[] head = in.readNBytes(2);
    PushbackInputStream whole = new PushbackInputStream(in, 2);
    whole.unread(head);
    boolean packed = head.length == 2 && head[0] == 0x1f && head[1] == (byte) 0x8b;
    return packed ? new GZIPInputStream(whole) : whole;
  }

  /**
   * Opens a log.
   *
   * @throws FileSystemException names the file: it can't be read, or is a folder
   */
  static InputStream open(Path log) throws IOException {
    if (Files.isDirectory(log)) {
      throw new FileSystemException(log.toString(), null, "is a folder");
    }
    return Files.newInputStream(log);
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
    try {
      takeAll(taker);
    } catch (EOFException | ZipException e) {
      throw new IOException(name + ": can't be unpacked to its end: " + e.getMessage(), e);
    }
  }

  private void takeAll(Taker taker) throws IOException {
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
