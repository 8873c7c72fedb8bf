package io.banstream.jails;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Times as jail.conf(5) has them: seconds, or numbers with units added up, as {@code 1d 12h} or
 * {@code 1h30m}; a factor may stand after each ({@code 24*60*60}). A month is a twelfth of a year,
 * a year 365.25 days.
 */
public final class TimeSpan {
  private static final Pattern TERM =
      Pattern.compile("\\s*([+-]?)\\s*(\\d+(?:\\.\\d+)?)\\s*([a-z]*)((?:\\s*\\*\\s*\\d+)*)\\s*");
  private static final Pattern NUMBER = Pattern.compile("\\d+");
  private static final double YEAR = 365.25 * 86_400;

  private TimeSpan() {}

  /**
   * @return may be negative: -1 stands for ever
   * @throws IllegalArgumentException if the text is no time
   */
  public static Duration parse(String text) {
    Matcher term = TERM.matcher(text.toLowerCase(Locale.ROOT));
    double seconds = 0;
    int at = 0;
    while (at < text.length() && term.find(at) && term.start() == at) {
      double value = Double.parseDouble(term.group(2)) * unit(text, term.group(3));
      Matcher factor = NUMBER.matcher(term.group(4));
      while (factor.find()) {
        value *= Long.parseLong(factor.group());
      }
      seconds += term.group(1).equals("-") ? -value : value;
      at = term.end();
    }
    if (at == 0 || at < text.length() || Math.abs(seconds) > Long.MAX_VALUE / 1000.0) {
      throw wrong(text);
    }
    return Duration.ofMillis(Math.round(seconds * 1000));
  }

  private static double unit(String text, String unit) {
    return switch (unit) {
      case "", "s", "ss", "se", "sec", "second", "seconds" -> 1;
      case "m", "mm", "mi", "min", "minute", "minutes" -> 60;
      case "h", "hh", "ho", "hou", "hour", "hours" -> 3_600;
      case "d", "dd", "da", "day", "days" -> 86_400;
      case "w", "ww", "we", "wee", "week", "weeks" -> 7 * 86_400;
      case "mo", "mon", "month", "months" -> YEAR / 12;
      case "y", "yy", "ye", "yea", "year", "years" -> YEAR;
      default -> throw wrong(text);
    };
  }

  private static IllegalArgumentException wrong(String text) {
    return new IllegalArgumentException(
        "'" + Printable.of(text) + "' is no time, expected seconds or such as 1d 12h");
  }
}
