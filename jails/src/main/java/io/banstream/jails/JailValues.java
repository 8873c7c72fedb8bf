package io.banstream.jails;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;

/** One section's values, read as what they are; what can't be is told with file, line and key. */
final class JailValues {
  private static final Set<String> TRUE = Set.of("1", "on", "true", "yes");
  private static final Set<String> FALSE = Set.of("0", "off", "false", "no", "");
  private static final Pattern COMMENT = Pattern.compile("(^|\\s)#");

  private final Ini ini;
  private final String section;
  private final Map<String, String> vars;

  /**
   * @param vars what {@code %(name)s} may name beside the file's own keys
   */
  JailValues(Ini ini, String section, Map<String, String> vars) {
    this.ini = ini;
    this.section = section;
    this.vars = vars;
  }

  String where(String key) {
    return ini.where(section, key);
  }

  Optional<String> text(String key) throws ConfigurationException {
    return ini.get(section, key, vars).map(String::strip);
  }

  /** Whether the key has this value. */
  boolean has(String key, String value) {
    try {
      return text(key).filter(value::equals).isPresent();
    } catch (ConfigurationException e) {
      return false; // told where the value itself is read
    }
  }

  String text(String key, String otherwise) throws ConfigurationException {
    return text(key).filter(t -> !t.isEmpty()).orElse(otherwise);
  }

  /** Whether a key says yes; said with nothing behind it, it says no, as fail2ban has it. */
  boolean flag(String key, boolean otherwise) throws ConfigurationException {
    return text(key).isEmpty() ? otherwise : read(key, "", JailValues::flag);
  }

  private static boolean flag(String text) {
    String word = text.toLowerCase(Locale.ROOT);
    if (!TRUE.contains(word) && !FALSE.contains(word)) {
      throw new IllegalArgumentException("expected true or false");
    }
    return TRUE.contains(word);
  }

  int whole(String key, int otherwise, int least, int most) throws ConfigurationException {
    return read(key, Integer.toString(otherwise), t -> bounded(t, least, most));
  }

  private static int bounded(String text, int least, int most) {
    String expected = "expected " + least + " to " + most;
    if (!text.matches("-?\\d{1,9}")) {
      throw new IllegalArgumentException(expected);
    }
    int value = Integer.parseInt(text);
    if (value < least || value > most) {
      throw new IllegalArgumentException(expected);
    }
    return value;
  }

  /** A time above zero. */
  Duration time(String key, String otherwise) throws ConfigurationException {
    return read(
        key,
        otherwise,
        t -> {
          Duration time = TimeSpan.parse(t);
          if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException("expected a time above 0");
          }
          return time;
        });
  }

  /** A time above zero, at most {@code longest}. */
  Duration time(String key, String otherwise, Duration longest) throws ConfigurationException {
    Duration time = time(key, otherwise);
    if (time.compareTo(longest) > 0) {
      throw new ConfigurationException(
          where(key),
          key
              + " = "
              + Printable.of(text(key, otherwise))
              + ", expected at most "
              + longest.toDays()
              + " days");
    }
    return time;
  }

  /** A time above zero; empty for -1, which is for ever. */
  Optional<Duration> timeOrEver(String key, String otherwise) throws ConfigurationException {
    return text(key, otherwise).equals("-1") ? Optional.empty() : Optional.of(time(key, otherwise));
  }

  /**
   * @param reader throws IllegalArgumentException where it can't read the text
   */
  <T> T read(String key, String otherwise, Function<String, T> reader)
      throws ConfigurationException {
    return read(where(key), key, text(key, otherwise), reader);
  }

  /**
   * @param reader throws IllegalArgumentException where it can't read the text
   */
  static <T> T read(String where, String key, String text, Function<String, T> reader)
      throws ConfigurationException {
    try {
      return reader.apply(text);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(
          where, key + " = " + Printable.of(text) + ", " + e.getMessage() + hint(text));
    }
  }

  private static String hint(String text) {
    return COMMENT.matcher(text).find() ? "; within a line only ; begins a comment" : "";
  }
}
