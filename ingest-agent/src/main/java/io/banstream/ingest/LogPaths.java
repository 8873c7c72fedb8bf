package io.banstream.ingest;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which files a {@code logpath} means now. A path without {@code *}, {@code ?}, {@code [} is
 * itself.
 */
final class LogPaths {
  private LogPaths() {}

  /**
   * The files in their order. What a log of the same glob was rotated to is left out: its lines
   * have been read where they were written.
   *
   * @throws IOException if a folder can't be listed
   */
  static List<Path> expand(String logpath) throws IOException {
    Path path = Path.of(logpath).toAbsolutePath().normalize();
    if (!isGlob(logpath)) {
      return List.of(path);
    }
    Set<Path> found = new TreeSet<>(Set.of(path.getRoot()));
    for (Path name : path) {
      found = below(found, name.toString());
    }
    Set<Path> all = found;
    return found.stream().filter(Files::isRegularFile).filter(f -> !isRotated(f, all)).toList();
  }

  private static boolean isRotated(Path file, Set<Path> all) {
    String name = file.getFileName().toString();
    return Rotation.isPacked(name)
        || all.stream()
            .filter(log -> log.getParent().equals(file.getParent()))
            .anyMatch(log -> Rotation.isRotated(name, log.getFileName().toString()));
  }

  /** Whether the {@code logpath} is a glob that this log belongs to, there or not. */
  static boolean isOf(String logpath, Path log) {
    String glob = Path.of(logpath).toAbsolutePath().normalize().toString();
    return isGlob(glob) && matcher(glob).matches(log);
  }

  private static PathMatcher matcher(String glob) {
    return FileSystems.getDefault().getPathMatcher("glob:" + glob.replaceAll("[\\\\{}]", "\\\\$0"));
  }

  private static boolean isGlob(String name) {
    return name.chars().anyMatch(c -> c == '*' || c == '?' || c == '[');
  }

  private static Set<Path> below(Set<Path> folders, String name) throws IOException {
    Set<Path> found = new TreeSet<>();
    for (Path folder : folders) {
      if (!isGlob(name)) {
        found.add(folder.resolve(name));
      } else if (Files.isDirectory(folder)) {
        found.addAll(list(folder, name));
      }
    }
    return found;
  }

  /** As the shell, {@code *} leaves out what begins with a point. */
  private static List<Path> list(Path folder, String glob) throws IOException {
    PathMatcher matcher = matcher(glob);
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        Path name = file.getFileName();
        if (matcher.matches(name) && name.toString().startsWith(".") == glob.startsWith(".")) {
          found.add(file);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return found;
  }
}
