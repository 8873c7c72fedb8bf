package io.banstream.jails;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A name with options, as a jail's {@code filter} and {@code action} have them: {@code
 * name[option=value, option="a,b"]}.
 *
 * <p>Options may come in several brackets, {@code name[a=1][b=2]}; where one comes twice, the last
 * holds. A value ends at a comma or bracket, unless it is quoted.
 *
 * @param name of a file in filter.d or action.d, without its ending
 * @param options in the order given
 */
record ActionLine(String name, Map<String, String> options) {
  private static final String KEY = "[\\w.-]+(\\?[\\w.-]+=[\\w.-]+)?";

  /**
   * All of a value's, separated by blanks or lines.
   *
   * @throws IllegalArgumentException if an option is not understood; the message quotes it
   */
  static List<ActionLine> parseAll(String text) {
    List<ActionLine> all = new ArrayList<>();
    Scanner scanner = new Scanner(text);
    while (scanner.skipBlanks()) {
      all.add(scanner.next());
    }
    return all;
  }

  /**
   * @throws IllegalArgumentException if the text is not one name with options
   */
  static ActionLine parse(String text) {
    List<ActionLine> all = parseAll(text);
    if (all.size() != 1) {
      throw new IllegalArgumentException("expected one name[option=value, ...]");
    }
    return all.get(0);
  }

  private static final class Scanner {
    private final String text;
    private int at;

    Scanner(String text) {
      this.text = text;
    }

    boolean skipBlanks() {
      while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
        at++;
      }
      return at < text.length();
    }

    ActionLine next() {
      String name = until("[", true);
      if (name.isEmpty()) {
        throw wrong("a name");
      }
      Map<String, String> options = new LinkedHashMap<>();
      int afterName = at;
      while (skipBlanks() && text.charAt(at) == '[') {
        at++;
        bracket(options);
        afterName = at;
      }
      at = afterName;
      return new ActionLine(name, options);
    }

    private void bracket(Map<String, String> options) {
      while (true) {
        if (!skipBlanks()) {
          throw wrong("]");
        }
        char c = text.charAt(at);
        if (c == ']') {
          at++;
          return;
        }
        if (c == ',') {
          at++;
          continue;
        }
        String key = key();
        if (at >= text.length() || text.charAt(at) != '=' || !key.matches(KEY)) {
          throw wrong("option=value");
        }
        at++;
        options.put(key, value());
        if (!skipBlanks() || text.charAt(at) != ',' && text.charAt(at) != ']') {
          throw wrong(", or ]");
        }
      }
    }

    /** A key may be for one family: {@code blocktype?family=inet6}. */
    private String key() {
      String key = until("=,]", false).strip();
      if (key.indexOf('?') < 0 || at >= text.length()) {
        return key;
      }
      at++;
      return key + "=" + until("=,]", false).strip();
    }

    private String value() {
      char quote = at < text.length() ? text.charAt(at) : 0;
      int close = quote == '"' || quote == '\'' ? text.indexOf(quote, at + 1) : -1;
      if (close < 0) {
        return until(",]", false).strip();
      }
      String value = text.substring(at + 1, close);
      at = close + 1;
      return value.strip();
    }

    private String until(String ends, boolean blankEnds) {
      int from = at;
      while (at < text.length()
          && ends.indexOf(text.charAt(at)) < 0
          && !(blankEnds && Character.isWhitespace(text.charAt(at)))) {
        at++;
      }
      return text.substring(from, at);
    }

    private IllegalArgumentException wrong(String expected) {
      return new IllegalArgumentException(
          "expected " + expected + " before '" + Printable.of(text.substring(at)) + "'");
    }
  }
}
