package io.banstream.ingest;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** Gives the lines of a spool in order, each once, from a place on. */
final class SpoolReader implements Closeable {
  private final Spool spool;
  private final Chunk chunk;
  private long number;
  private long offset;

  /** The file's, once it was needed. */
  private Optional<FileChannel> channel = Optional.empty();

  SpoolReader(Spool spool, long number, long offset, Chunk chunk) {
    this.spool = spool;
    this.number = number;
    this.offset = offset;
    this.chunk = chunk;
  }

  long number() {
    return number;
  }

  long offset() {
    return offset;
  }

  /** Goes back to the first line of the present file that begins at {@code from} or after it. */
  void rewind(long from) throws IOException {
    if (from >= offset || !open()) {
      return;
    }
    long line = 0;
    if (from > 0) {
      int filled = chunk.fill(channel.get(), from - 1);
      int at = 0;
      while (at < filled && chunk.bytes()[at] != '\n') {
        at++;
      }
      line = from + at;
    }
    offset = Math.min(line, offset);
  }

  /**
   * Reads on, about {@code budget} bytes.
   *
   * @return whether there may be more to read at once
   * @throws IOException if a file can't be read; the next call tries again
   */
  boolean read(Tail.Lines lines, long budget) throws IOException {
    long left = budget;
    while (left > 0) {
      // In this order: what has a successor does not grow any more.
      Optional<Long> next = spool.after(number);
      long end = spool.size(number);
      int filled = offset < end && open() ? filled(end) : 0;
      int whole = whole(filled);
      if (whole > 0) {
        int taken = lines.lines(chunk.bytes(), whole, offset);
        offset += taken;
        left -= taken;
        if (taken < whole || !lines.wantsMore()) {
          return true;
        }
      } else if (next.isPresent()) {
        close(); // what is left of it, if any, lacks its end: a crash took that
        number = next.get();
        offset = 0;
      } else {
        return false;
      }
    }
    return true;
  }

  private int filled(long end) throws IOException {
    return (int) Math.min(chunk.fill(channel.get(), offset), end - offset);
  }

  private int whole(int filled) {
    int end = filled;
    while (end > 0 && chunk.bytes()[end - 1] != '\n') {
      end--;
    }
    return end;
  }

  /** False: the file is gone. */
  private boolean open() throws IOException {
    if (channel.isEmpty() && spool.size(number) > 0) {
      try {
        channel = Optional.of(FileChannel.open(spool.file(number), StandardOpenOption.READ));
      } catch (NoSuchFileException e) {
        return false;
      }
    }
    return channel.isPresent();
  }

  @Override
  public void close() throws IOException {
    if (channel.isPresent()) {
      channel.get().close();
      channel = Optional.empty();
    }
  }
}
