package io.banstream.ingest;

import io.banstream.ingest.Fingerprint.Inode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The files that a log was rotated to: its siblings {@code NAME.1}, {@code NAME-20251125}, ... */
final class Rotation {
  private static final Pattern SUFFIX = Pattern.compile("[.-]\\d[\\d._-]*");
  private static final Pattern NUMBERED = Pattern.compile("\\.\\d{1,4}");
  private static final Pattern PACKED = Pattern.compile(".*\\.(gz|bz2|xz|zst|Z)");

  private final Path path;

  Rotation(Path path) {
    this.path = path;
  }

  /** Whether {@code name} is what a log of the name {@code log} is rotated to. */
  static boolean isRotated(String name, String log) {
    return name.startsWith(log) && SUFFIX.matcher(name.substring(log.length())).matches();
  }

  /** Whether it is a compressed file, by its name. */
  static boolean isPacked(String name) {
    return PACKED.matcher(name).matches();
  }

  /**
   * Where the file with this fingerprint is now: by its inode under whatever name, else (it was
   * copied, or written anew by an editor) by its head.
   *
   * @param offset how far it was read: a file that is shorter is not it
   */
  Optional<Path> find(Fingerprint wanted, long offset) throws IOException {
    List<Path> files = siblings();
    for (Path file : files) {
      if (Inode.of(file).equals(Optional.of(wanted.file())) && isIt(wanted, file, offset)) {
        return Optional.of(file);
      }
    }
    return wanted.isTelling() && isIt(wanted, path, offset)
        ? Optional.of(path)
        : copy(wanted, offset);
  }

  /** A sibling that begins as the file with this fingerprint did, and is as long at least. */
  Optional<Path> copy(Fingerprint wanted, long offset) throws IOException {
    if (wanted.isTelling()) {
      for (Path file : siblings()) {
        if (!file.equals(path) && isIt(wanted, file, offset)) {
          return Optional.of(file);
        }
      }
    }
    return Optional.empty();
  }

  private static boolean isIt(Fingerprint wanted, Path file, long offset) throws IOException {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(file)) {
      return channel.size() >= offset && wanted.hasHead(channel);
    }
  }

  /**
   * What was written after the file {@code read}: the next younger rotated file, or the log itself.
   * Where logrotate ran twice between two looks, there are files that were never seen at the path.
   */
  Path after(Inode read) throws IOException {
    String name = path.getFileName().toString();
    List<Path> rotated = new ArrayList<>();
    String own = null;
    for (Path file : siblings()) {
      String suffix = file.getFileName().toString().substring(name.length());
      if (SUFFIX.matcher(suffix).matches()) {
        rotated.add(file);
        if (Inode.of(file).equals(Optional.of(read))) {
          own = suffix;
        }
      }
    }
    if (own == null) {
      return path;
    }
    boolean numbered = NUMBERED.matcher(own).matches();
    Comparator<String> age = numbered ? Rotation::byNumber : Comparator.<String>naturalOrder();
    String than = own;
    return rotated.stream()
        .map(f -> f.getFileName().toString().substring(name.length()))
        .filter(s -> NUMBERED.matcher(s).matches() == numbered && age.compare(s, than) > 0)
        .min(age)
        .map(s -> path.resolveSibling(name + s))
        .orElse(path);
  }

  /** {@code .1} is younger than {@code .2}. */
  private static int byNumber(String a, String b) {
    return Integer.compare(Integer.parseInt(b.substring(1)), Integer.parseInt(a.substring(1)));
  }

  private List<Path> siblings() throws IOException {
    String name = path.getFileName().toString();
    Path folder = path.toAbsolutePath().getParent();
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(folder, f -> f.getFileName().toString().startsWith(name))) {
      files.forEach(found::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return found;
  }
}
