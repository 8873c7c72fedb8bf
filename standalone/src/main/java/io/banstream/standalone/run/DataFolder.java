package io.banstream.standalone.run;

import io.banstream.schemas.OwnerOnly;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder that keeps all of one host's parts: {@code broker}, {@code ingest}, {@code streams},
 * {@code enforce}, {@code console}. Its owner alone may enter it. Two processes may share it as
 * long as they run different parts.
 */
public final class DataFolder implements AutoCloseable {
  /** Of the folder's layout; another one is not touched. */
  static final String VERSION = "1";

  private static final String VERSION_FILE = "VERSION";

  private final Path path;
  private final List<FileChannel> locks;

  private DataFolder(Path path, List<FileChannel> locks) {
    this.path = path;
    this.locks = locks;
  }

  /**
   * Opens the folder for some parts, and makes it where it is missing.
   *
   * @param parts the subfolders that this process is to have for itself
   * @throws IllegalArgumentException if another process has one of them, or the folder is of
   *     another version or not one of ours; one line
   * @throws IOException if it can't be made or written
   */
  public static DataFolder open(Path path, List<String> parts) throws IOException {
    checkVersion(path);
    OwnerOnly.folder(path);
    List<FileChannel> locks = new ArrayList<>();
    try {
      for (String part : parts) {
        locks.add(lock(path, part));
      }
      if (!Files.exists(path.resolve(VERSION_FILE))) {
        OwnerOnly.write(
            path.resolve(VERSION_FILE), (VERSION + "\n").getBytes(StandardCharsets.UTF_8));
      }
      return new DataFolder(path, locks);
    } catch (IOException | RuntimeException e) {
      close(locks);
      throw e;
    }
  }

  private static void checkVersion(Path path) throws IOException {
    Path file = path.resolve(VERSION_FILE);
    if (Files.exists(file)) {
      String version = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
      if (!version.equals(VERSION)) {
        throw new IllegalArgumentException(
            file
                + ": version = "
                + version.replaceAll("\\P{Graph}", "?")
                + ", expected "
                + VERSION
                + "; it belongs to another banstream");
      }
    } else if (Files.isDirectory(path)) {
      try (Stream<Path> content = Files.list(path)) {
        // Two first starts may meet here: the other's locks are no foreign files.
        if (content.anyMatch(f -> !isOurs(f.getFileName().toString()))) {
          throw new IllegalArgumentException(
              "data = " + path + ": not empty, and no data folder of banstream (no VERSION)");
        }
      }
    }
  }

  private static boolean isOurs(String name) {
    return name.endsWith(".lock") || name.startsWith(VERSION_FILE) || name.equals("lost+found");
  }

  private static FileChannel lock(Path path, String part) throws IOException {
    Path file = path.resolve(part + ".lock");
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // Held by this very process: the same answer.
    }
    channel.close();
    throw new IllegalArgumentException(
        "data = " + path + ": in use by another banstream (" + part + ")");
  }

  /**
   * @throws IllegalArgumentException if the disk has less left
   */
  void requireSpace(long bytes) throws IOException {
    long left = Files.getFileStore(path).getUsableSpace();
    if (left < bytes) {
      throw new IllegalArgumentException(
          "data = "
              + path
              + ": "
              + (left >> 20)
              + " MB left on its disk, expected "
              + (bytes >> 20)
              + " MB or more");
    }
  }

  /** A subfolder, made where it is missing. */
  public Path part(String name) throws IOException {
    return OwnerOnly.folder(path.resolve(name));
  }

  public Path path() {
    return path;
  }

  /**
   * Lets native libraries (RocksDB's, the compressions') unpack into this folder instead of /tmp.
   * Whoever was killed left some there: they go now.
   *
   * @param name one that this process alone uses
   */
  public void keepTemporaryFiles(String name) throws IOException {
    Path folder = part("tmp").resolve(name);
    OwnerOnly.delete(folder);
    System.setProperty("java.io.tmpdir", OwnerOnly.folder(folder).toString());
  }

  @Override
  public void close() {
    close(locks);
  }

  private static void close(List<FileChannel> locks) {
    for (FileChannel lock : locks) {
      try {
        lock.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
