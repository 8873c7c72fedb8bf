package io.banstream.jails;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * A level of fail2ban's log.
 *
 * @param name as it was given, in upper case
 * @param number as Python's logging counts: the higher, the graver
 */
public record LogLevel(String name, int number) {
  /** Of a ban and of its end. */
  public static final LogLevel NOTICE = new LogLevel("NOTICE", 25);

  private static final Map<String, Integer> NUMBERS =
      Map.of(
          "CRITICAL",
          50,
          "ERROR",
          40,
          "WARNING",
          30,
          "WARN",
          30,
          NOTICE.name,
          NOTICE.number,
          "INFO",
          20,
          "MSG",
          18,
          "DEBUG",
          10,
          "TRACEDEBUG",
          7,
          "HEAVYDEBUG",
          5);

  public LogLevel {
    Objects.requireNonNull(name);
  }

  /**
   * Reads a word or a number, as fail2ban does.
   *
   * @throws IllegalArgumentException if it is none; says what is expected
   */
  public static LogLevel parse(String text) {
    String name = text.toUpperCase(Locale.ROOT);
    if (name.matches("\\d{1,2}")) {
      return new LogLevel(name, Integer.parseInt(name));
    }
    if (!NUMBERS.containsKey(name)) {
      throw new IllegalArgumentException("expected INFO, NOTICE, WARNING, ERROR, ...");
    }
    return new LogLevel(name, NUMBERS.get(name));
  }

  /** Whether a log of this level has lines of the other. */
  public boolean has(LogLevel line) {
    return number <= line.number;
  }
}
