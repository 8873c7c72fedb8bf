package io.banstream.schemas;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Set;
import java.util.stream.Stream;

/** Folders and files of a role that their owner alone can read. */
public final class OwnerOnly {
  /** How the name of a file ends until it is whole; of a crash's there may be some left. */
  public static final String UNFINISHED = ".new";

  private static final Set<PosixFilePermission> FOLDER =
      PosixFilePermissions.fromString("rwx------");
  private static final FileAttribute<?> FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private OwnerOnly() {}

  /** What is to stand in a file, written as it is made; the stream is buffered. */
  public interface Content {
    void to(OutputStream out) throws IOException;
  }

  /** Makes the folder where it is missing, and closes it to others either way. */
  public static Path folder(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(FOLDER));
    }
    Files.setPosixFilePermissions(folder, FOLDER);
    return folder;
  }

  /** As {@link #write(Path, Content)}. */
  public static void write(Path file, byte[] content) throws IOException {
    write(file, out -> out.write(content));
  }

  /**
   * Puts a file in place, whole or not at all; it is closed to others from its first byte. On
   * return it is on disk under its name: two syncs, so not for what is written many times a second.
   */
  public static void write(Path file, Content content) throws IOException {
    put(file, content);
    syncNames(file.toAbsolutePath().getParent());
  }

  /**
   * As {@link #write}, but with one sync: a power cut some seconds later may leave what was there
   * before. For what is written often, and may be older.
   */
  public static void replace(Path file, byte[] content) throws IOException {
    put(file, out -> out.write(content));
  }

  /** By a stream, as a channel would be closed by an interrupt. */
  private static void put(Path file, Content content) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + UNFINISHED);
    Files.deleteIfExists(fresh);
    Files.createFile(fresh, FILE);
    try {
      try (FileOutputStream synced = new FileOutputStream(fresh.toFile())) {
        OutputStream out = new BufferedOutputStream(synced);
        content.to(out);
        out.flush();
        synced.getFD().sync();
      }
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      Files.deleteIfExists(fresh); // a full disk has better use for it
      throw e;
    }
  }

  /**
   * Has the disk keep which files a folder has, by their names: a file's own sync does not. An
   * interrupt is left to the caller.
   */
  public static void syncNames(Path folder) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      while (!areNamesSynced(folder)) {
        interrupted |= Thread.interrupted();
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static boolean areNamesSynced(Path folder) throws IOException {
    try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
      names.force(true);
      return true;
    } catch (ClosedByInterruptException e) {
      return false;
    }
  }

  /** Deletes a folder with all that is in it, if it is there. */
  public static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(path);
        }
      }
    }
  }
}
