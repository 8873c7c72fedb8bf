package io.banstream.ingest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * The bytes being looked at now. One for all logs: nothing stays in it between two looks at a log.
 */
final class Chunk {
  /** A line of this many bytes or more is left out. */
  static final int LONGEST = 1 << 20;

  private static final int USUAL = 1 << 16;

  private ByteBuffer buffer = ByteBuffer.allocate(USUAL);

  byte[] bytes() {
    return buffer.array();
  }

  /**
   * Reads from {@code offset} of {@code channel}, as much as fits or as there is.
   *
   * @return how many bytes; 0 at the file's end
   */
  int fill(FileChannel channel, long offset) throws IOException {
    buffer.clear();
    while (buffer.hasRemaining() && channel.read(buffer, offset + buffer.position()) > 0) {
      // a read may give less than asked for
    }
    return buffer.position();
  }

  /** Makes room for a longer line, losing what is in it; false: it is as long as may be. */
  boolean grow() {
    if (buffer.capacity() >= LONGEST) {
      return false;
    }
    buffer = ByteBuffer.allocate(Math.min(buffer.capacity() * 4, LONGEST));
    return true;
  }

  /** Gives back what a long line took. */
  void shrink() {
    if (buffer.capacity() > USUAL) {
      buffer = ByteBuffer.allocate(USUAL);
    }
  }
}
