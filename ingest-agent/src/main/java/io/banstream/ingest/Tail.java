package io.banstream.ingest;

import io.banstream.ingest.Fingerprint.Inode;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the lines of a log in order, each once: through rename, copy and truncation, deletion, late
 * creation, and a restart in the midst of any of them. A line counts once its LF is there. A file
 * that is new at the path is the next generation, begun when what came before it is read to its
 * end. What was lost (a truncated or deleted file without a copy) is told.
 */
final class Tail implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(Tail.class);

  /** Takes lines. */
  interface Lines {
    /**
     * Takes {@code buf[0, to)}: whole lines.
     *
     * @param offset where they begin in their file
     * @return up to where they are taken: {@code to}, or a line's end before it
     */
    int lines(byte[] buf, int to, long offset);

    /** Whether more are to come now. */
    boolean wantsMore();

    /** A line was left out: it is {@link Chunk#LONGEST} bytes long, or longer. */
    void overlong(long offset);
  }

  private final Path path;
  private final Rotation rotation;
  private final Chunk chunk;

  private Fingerprint fingerprint;
  private long generation;
  private long offset;

  /** Null until a file is found. */
  private FileChannel channel;

  /** The file's size when it was last read to its end; a change begins the next look. */
  private long seen;

  /** Up to where the line at offset, too long, is known to go on; 0: not too long. */
  private long skipped;

  private boolean missing;

  Tail(Path path, Place start, Chunk chunk) {
    this.path = path.toAbsolutePath();
    this.rotation = new Rotation(this.path);
    this.chunk = chunk;
    this.generation = start.generation();
    this.offset = start.offset();
    this.fingerprint = start.fingerprint();
  }

  Place place() {
    return new Place(generation, offset, fingerprint);
  }

  long generation() {
    return generation;
  }

  long offset() {
    return offset;
  }

  /** Bytes of the present file not yet read; -1 where there is none. */
  long lag() throws IOException {
    return channel == null ? -1 : Math.max(0, channel.size() - offset);
  }

  /** Whether nothing stands at the path now. */
  boolean isMissing() {
    return missing;
  }

  /**
   * Finds the file to go on with, unless it is open already.
   *
   * @return whether there is one
   * @throws IOException if it can't be read
   */
  boolean open() throws IOException {
    if (channel != null) {
      return true;
    }
    Optional<Inode> now = Inode.of(path);
    missing = now.isEmpty();
    if (fingerprint.equals(Fingerprint.NONE)) {
      return open(path, generation, 0);
    }
    Optional<Path> same = rotation.find(fingerprint, offset);
    if (same.isPresent()) {
      return reopen(same.get());
    }
    if (missing || !open(path, generation + 1, 0)) {
      return false;
    }
    LOG.warn("{}: another file than before; what was not yet read of that one is lost", path);
    return true;
  }

  /**
   * Goes back, or on, to the first line that begins at {@code from} or after it, in the present
   * file; where none begins soon after it, nowhere.
   */
  void seek(long from) throws IOException {
    long line = 0;
    if (from > 0) {
      int filled = chunk.fill(channel, from - 1);
      int newline = newline(chunk.bytes(), 0, filled);
      line = newline < 0 ? offset : from + newline;
    }
    boolean back = from <= offset;
    if (back || line > offset) {
      offset = back ? Math.min(line, offset) : line;
      skipped = 0;
      seen = -1;
    }
  }

  /** Where the last line begins that is not whole yet, once there is a file: its end as a rule. */
  long end() throws IOException {
    long size = channel.size();
    long from = Math.max(0, size - chunk.bytes().length);
    int end = chunk.fill(channel, from);
    while (end > 0 && chunk.bytes()[end - 1] != '\n') {
      end--;
    }
    return end == 0 && from > 0 ? size : from + end;
  }

  /**
   * Reads on, about {@code budget} bytes, once {@link #open()} has found a file.
   *
   * @return whether there may be more to read at once
   * @throws IOException if the log can't be read; the next call tries again
   */
  boolean read(Lines lines, long budget) throws IOException {
    long size = channel.size();
    if (size < offset || size != seen && !fingerprint.hasHead(channel)) {
      beginAgain();
      return true;
    }
    boolean more = size != seen && drain(lines, budget);
    chunk.shrink();
    fingerprint = fingerprint.covering(channel, offset);
    if (more) {
      return true;
    }
    seen = size;
    return moveOn(lines, budget);
  }

  /** Reads to the file's end; true: stopped before, by the budget or by the taker. */
  private boolean drain(Lines lines, long budget) throws IOException {
    long left = budget;
    while (left > 0) {
      int filled = chunk.fill(channel, Math.max(offset, skipped));
      left -= filled;
      if (skipped > 0) {
        if (!skip(lines, filled)) {
          return false;
        }
      } else {
        long before = offset;
        if (!take(lines, filled)) {
          return true;
        }
        if (offset == before) {
          if (filled < chunk.bytes().length) {
            return false;
          }
          if (!chunk.grow()) {
            skipped = offset + filled;
          }
        }
      }
    }
    return true;
  }

  /** Gives the whole lines of the chunk; false: the taker wants no more now. */
  private boolean take(Lines lines, int filled) {
    byte[] buf = chunk.bytes();
    long base = offset;
    int end = filled;
    while (end > 0 && buf[end - 1] != '\n') {
      end--;
    }
    int taken = end == 0 ? 0 : lines.lines(buf, end, base);
    offset = base + taken;
    if (taken < end || end > 0 && !lines.wantsMore()) {
      return false;
    }
    offset = base + pastHole(buf, end, filled);
    return true;
  }

  /** Zeros before a line are no part of it (FilterSet tells why), and make it not too long. */
  private static int pastHole(byte[] buf, int from, int to) {
    int at = from;
    while (at < to && buf[at] == 0) {
      at++;
    }
    return at;
  }

  /** Looks on for the end of a line that is too long; false: it is not there yet. */
  private boolean skip(Lines lines, int filled) {
    int lf = newline(chunk.bytes(), 0, filled);
    if (lf < 0) {
      skipped += filled;
      return filled > 0;
    }
    long line = offset;
    offset = skipped + lf + 1;
    skipped = 0;
    lines.overlong(line);
    return true;
  }

  private static int newline(byte[] buf, int from, int to) {
    for (int i = from; i < to; i++) {
      if (buf[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  /** The file was truncated: what was not read of it is in the copy, if one was made. */
  private void beginAgain() throws IOException {
    Optional<Path> copy = rotation.copy(fingerprint, offset);
    if (copy.isPresent() && reopen(copy.get())) {
      return;
    }
    LOG.warn("{}: truncated; what was not yet read of it is lost", path);
    begin(channel, fingerprint.file(), generation + 1, 0);
  }

  /** At a file's end: goes on to the next one, if there is one. */
  private boolean moveOn(Lines lines, long budget) throws IOException {
    Optional<Inode> now = Inode.of(path);
    missing = now.isEmpty();
    if (missing || now.get().equals(fingerprint.file())) {
      return false;
    }
    Path next = rotation.after(fingerprint.file());
    if (next.equals(path) && Files.size(path) == 0) {
      return false; // the writer may not have opened it yet, and still write to the old one
    }
    // What came between the look at the old file's end and the look at the new one:
    return drain(lines, budget) || open(next, generation + 1, 0);
  }

  private boolean reopen(Path file) throws IOException {
    Fingerprint known = fingerprint;
    if (!open(file, generation, offset)) {
      return false;
    }
    fingerprint = new Fingerprint(fingerprint.file(), known.length(), known.crc());
    return true;
  }

  private boolean open(Path file, long newGeneration, long newOffset) throws IOException {
    Optional<Inode> before = Inode.of(file);
    if (before.isEmpty()) {
      return false;
    }
    if (!Files.isRegularFile(file)) {
      throw new IOException("not a file");
    }
    FileChannel opened = FileChannel.open(file, StandardOpenOption.READ);
    if (!Inode.of(file).equals(before)) {
      opened.close(); // rotated at this very moment: the next look will tell
      return false;
    }
    close();
    begin(opened, before.get(), newGeneration, newOffset);
    return true;
  }

  private void begin(FileChannel opened, Inode inode, long newGeneration, long newOffset) {
    channel = opened;
    fingerprint = Fingerprint.of(inode);
    generation = newGeneration;
    offset = newOffset;
    skipped = 0;
    seen = -1;
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
      channel = null;
    }
  }
}
