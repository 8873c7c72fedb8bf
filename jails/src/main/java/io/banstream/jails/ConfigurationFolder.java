package io.banstream.jails;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A folder such as /etc/fail2ban, our built-in files beneath it: a {@code .conf} file that the
 * folder lacks is ours of the same name, where we have one.
 */
final class ConfigurationFolder {
  /** Begins the name of every built-in file. */
  static final String BUILT_IN = "built-in ";

  /** Empty: there are the built-in files alone. */
  private final Optional<Path> dir;

  /**
   * @throws ConfigurationException if there is no such folder
   */
  ConfigurationFolder(Path dir) throws ConfigurationException {
    if (!Files.isDirectory(dir)) {
      throw new ConfigurationException(dir.toString(), "no such folder");
    }
    this.dir = Optional.of(dir);
  }

  private ConfigurationFolder() {
    this.dir = Optional.empty();
  }

  /** Our built-in files alone. */
  static ConfigurationFolder builtIn() {
    return new ConfigurationFolder();
  }

  /**
   * A file, by its path within the folder (or an absolute one, as an include may name it).
   *
   * @throws ConfigurationException if it is there, and can't be read as text
   */
  Optional<IniFile> file(String path) throws ConfigurationException {
    if (dir.isEmpty()) {
      return builtInFile(path);
    }
    try {
      byte[] bytes = Files.readAllBytes(dir.get().resolve(path));
      return Optional.of(IniFile.parse(path, text(path, bytes)));
    } catch (NoSuchFileException e) {
      return builtInFile(path);
    } catch (IOException e) {
      throw new ConfigurationException(path, "can't be read: " + reason(e));
    }
  }

  private static Optional<IniFile> builtInFile(String path) throws ConfigurationException {
    byte[] builtIn = builtIn(path);
    return builtIn.length == 0
        ? Optional.empty()
        : Optional.of(IniFile.parse(BUILT_IN + path, text(path, builtIn)));
  }

  boolean exists(String path) {
    return isOwn(path) || builtIn(path).length > 0;
  }

  /** Whether the administrator has this file. */
  private boolean isOwn(String path) {
    return dir.filter(d -> Files.exists(d.resolve(path))).isPresent();
  }

  /** The folder's path, as it was given. */
  @Override
  public String toString() {
    return dir.map(Path::toString).orElse(BUILT_IN.strip());
  }

  /** The files of {@code path.d} with this ending, in the order of their names. */
  List<String> dropIns(String path, String ending) throws ConfigurationException {
    List<String> found = new ArrayList<>();
    Optional<Path> folder = dir.map(d -> d.resolve(path + ".d")).filter(Files::isDirectory);
    if (folder.isEmpty()) {
      return found;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder.get(), "*" + ending)) {
      files.forEach(f -> found.add(path + ".d/" + f.getFileName()));
    } catch (IOException e) {
      throw new ConfigurationException(path + ".d", "can't be read: " + reason(e));
    }
    found.sort(null);
    return found;
  }

  private static String reason(IOException e) {
    return e instanceof AccessDeniedException ? "permission denied" : e.getMessage();
  }

  /** Whether the administrator has files of this name, and not only we. */
  boolean has(String name) throws ConfigurationException {
    return isOwn(name + ".conf")
        || isOwn(name + ".local")
        || !dropIns(name, ".conf").isEmpty()
        || !dropIns(name, ".local").isEmpty();
  }

  private static byte[] builtIn(String path) {
    // Class.getResource would otherwise resolve "..", an absolute path or nothing at all.
    if (!path.endsWith(".conf") || path.startsWith("/") || path.contains("..")) {
      return new byte[0];
    }
    try (InputStream in = ConfigurationFolder.class.getResourceAsStream("builtin/" + path)) {
      return in == null ? new byte[0] : in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(String path, byte[] bytes) throws ConfigurationException {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(in, out, true);
    int bad = result.isError() ? in.position() : -1;
    for (int i = 0; i < bytes.length && bad < 0; i++) {
      if (bytes[i] >= 0 && bytes[i] < ' ' && "\t\n\r\f".indexOf(bytes[i]) < 0) {
        bad = i;
      }
    }
    if (bad >= 0) {
      int line = 1;
      for (int i = 0; i < bad; i++) {
        line += bytes[i] == '\n' ? 1 : 0;
      }
      throw new ConfigurationException(
          path + ":" + line, "byte 0x%02x is no text, expected UTF-8".formatted(bytes[bad]));
    }
    String text = out.flip().toString();
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }
}
