package io.banstream.ingest;

import io.banstream.schemas.OwnerOnly;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What came by the sockets, on disk until the broker has what was in it: lines in numbered files,
 * {@code 1.log}, {@code 2.log}, ... One thread appends, another reads; a number is never used
 * twice, so it serves as a position's generation. Each start of the agent begins a new file: what a
 * crash of the host took from the last one can't shift what comes after it.
 */
final class Spool implements Closeable {
  private static final Pattern NAME = Pattern.compile("(\\d{1,18})\\.log");

  private static final Set<StandardOpenOption> CREATE =
      EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

  private static final FileAttribute<?> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  /** What is appended is written at once above this. */
  private static final int BATCH = 1 << 16;

  private final Path folder;
  private final long most;

  /** A file is followed by the next once it has so many bytes. */
  private final long perFile;

  /** Bytes that can be read, by file. */
  private final TreeMap<Long, Long> files = new TreeMap<>();

  private final ByteArrayOutputStream pending = new ByteArrayOutputStream();
  private long current;

  /** Sum of the files' bytes. */
  private long held;

  private Optional<FileChannel> channel = Optional.empty();
  private boolean unsynced;

  private Spool(Path folder, long most) {
    this.folder = folder;
    this.most = most;
    this.perFile = Math.max(1, most / 16);
  }

  /**
   * @param used the highest number that a position may have had
   * @param most bytes that it may hold, about
   * @throws IOException if the folder can't be used now
   */
  static Spool open(Path folder, long used, long most) throws IOException {
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Spool spool = new Spool(folder, most);
    try (DirectoryStream<Path> found = Files.newDirectoryStream(folder)) {
      for (Path file : found) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        if (name.matches()) {
          long size = Files.size(file);
          spool.files.put(Long.parseLong(name.group(1)), size);
          spool.held += size;
        }
      }
    }
    spool.current = Math.max(used, spool.files.isEmpty() ? 0 : spool.files.lastKey());
    return spool;
  }

  /** Whether more may be appended; else senders must wait. */
  boolean hasRoom() {
    synchronized (files) {
      return held + pending.size() < most;
    }
  }

  long most() {
    return most;
  }

  /**
   * Adds a message. It stays here until it is written: to be called only where there is room, or a
   * little beyond.
   *
   * @throws IOException if it can't be written now
   */
  void append(Instant received, SyslogMessage message) throws IOException {
    SpoolLine.write(pending, received, message);
    if (pending.size() > BATCH) {
      flush();
    }
  }

  /**
   * Writes what was appended; only then is it read.
   *
   * @return whether there was something to write
   * @throws IOException if it can't be written now; the next call tries again
   */
  boolean flush() throws IOException {
    if (pending.size() == 0) {
      return false;
    }
    if (channel.isEmpty() || size(current) >= perFile) {
      begin();
    }
    ByteBuffer bytes = ByteBuffer.wrap(pending.toByteArray());
    long at = size(current);
    // What a failure leaves behind the size is written over by the next try.
    while (bytes.hasRemaining()) {
      at += channel.get().write(bytes, at);
    }
    unsynced = true;
    pending.reset();
    synchronized (files) {
      held += at - files.put(current, at);
    }
    return true;
  }

  private void begin() throws IOException {
    sync();
    FileChannel next = FileChannel.open(file(current + 1), CREATE, OWNER_ONLY);
    // Its name is on disk before a position bears its number: else a crash could give it twice.
    try {
      OwnerOnly.syncNames(folder);
    } catch (IOException e) {
      next.close();
      Files.deleteIfExists(file(current + 1));
      throw e;
    }
    close();
    synchronized (files) {
      current++;
      files.put(current, 0L);
    }
    channel = Optional.of(next);
  }

  /** Has the disk keep what was written: only what came since the last call dies with the host. */
  void sync() throws IOException {
    if (unsynced && channel.isPresent()) {
      channel.get().force(false);
      unsynced = false;
    }
  }

  @Override
  public void close() throws IOException {
    if (channel.isPresent()) {
      channel.get().close();
      channel = Optional.empty();
    }
  }

  Path file(long number) {
    return folder.resolve(number + ".log");
  }

  /** How much of a file can be read now; 0 where there is none. */
  long size(long number) {
    synchronized (files) {
      return files.getOrDefault(number, 0L);
    }
  }

  /** The first file after this one. */
  Optional<Long> after(long number) {
    synchronized (files) {
      return Optional.ofNullable(files.higherKey(number));
    }
  }

  /** Bytes behind a place. */
  long lag(long number, long offset) {
    synchronized (files) {
      long later = files.tailMap(number, false).values().stream().mapToLong(size -> size).sum();
      return later + Math.max(0, files.getOrDefault(number, 0L) - offset);
    }
  }

  /**
   * Gives up the files before this one.
   *
   * @throws IOException if one can't be deleted; it is kept
   */
  void prune(long before) throws IOException {
    while (true) {
      long first;
      synchronized (files) {
        if (files.isEmpty() || files.firstKey() >= before) {
          return;
        }
        first = files.firstKey();
      }
      Files.deleteIfExists(file(first));
      synchronized (files) {
        held -= files.remove(first);
      }
    }
  }
}
