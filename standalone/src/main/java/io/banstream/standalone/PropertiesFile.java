package io.banstream.standalone;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** A file of {@code key = value} lines, in UTF-8, as java.util.Properties has them. */
final class PropertiesFile {
  private PropertiesFile() {}

  /**
   * @throws IllegalArgumentException in one line, if it is something else
   * @throws FileSystemException if it is not there, or not to be read
   */
  static Properties read(Path file) throws IOException {
    Properties properties = new Properties();
    try (Reader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
      properties.load(in);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    } catch (FileSystemException e) {
      throw e; // names the file itself
    } catch (IOException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
    return properties;
  }
}
