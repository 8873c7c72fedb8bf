package io.banstream.jails;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A resource file of ours: words in columns, {@code #} begins a comment line. */
final class Table {
  private Table() {}

  /** The rows of a table that has blanks between its columns. */
  static List<String[]> rows(String resource) {
    return lines(resource).stream().map(l -> l.split("\\s+")).toList();
  }

  static List<String> lines(String resource) {
    try (InputStream in = Table.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(String::strip)
          .filter(l -> !l.isEmpty() && !l.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
