package io.banstream.ingest;

import io.banstream.schemas.OwnerOnly;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** The agent's folder: its checkpoint, and the lock that keeps a second agent out. */
final class DataFolder implements Closeable {
  private static final String CHECKPOINT = "checkpoint.json";

  private final Path folder;
  private Optional<FileChannel> lock = Optional.empty();

  DataFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * The checkpoint last saved; where there is none, a new one that has been saved.
   *
   * @throws IOException if the folder can't be written now
   * @throws IllegalArgumentException if it can't serve: used by another agent, of another version
   */
  Checkpoint open() throws IOException {
    OwnerOnly.folder(folder);
    if (lock.isEmpty()) {
      lock = Optional.of(lock(folder.resolve("lock")));
    }
    Path file = folder.resolve(CHECKPOINT);
    if (Files.exists(file)) {
      String text = Files.readString(file);
      try {
        return CheckpointText.read(text);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
      }
    }
    // On disk before the first record is sent: else a crash would count everything once more.
    Checkpoint first =
        new Checkpoint(UUID.randomUUID().toString(), Map.of(), Map.of(), Map.of(), Map.of());
    save(first);
    return first;
  }

  private static FileChannel lock(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    try {
      FileLock held = channel.tryLock();
      if (held != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // held by an agent of this process
    }
    channel.close();
    throw new IllegalArgumentException(file + ": another agent uses this data folder");
  }

  /**
   * Replaces the checkpoint, up to twice a second: after a crash at any point, the old or the new
   * one is there. What an old one repeats the processor knows.
   */
  void save(Checkpoint checkpoint) throws IOException {
    OwnerOnly.replace(
        folder.resolve(CHECKPOINT),
        CheckpointText.write(checkpoint).getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() {
    try {
      if (lock.isPresent()) {
        lock.get().close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
