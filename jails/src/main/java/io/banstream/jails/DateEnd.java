package io.banstream.jails;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether what a datepattern finds always ends in a letter or digit, as far as that is seen: as
 * {@code %S}, {@code {EPOCH}} and {@code %S(?:\.%f)?} do.
 */
final class DateEnd {
  /** An escape or a set of characters. */
  private static final Pattern CHARACTER =
      Pattern.compile("\\\\.|\\[\\^?\\]?(?:\\\\.|[^]\\\\])*\\]");

  private static final Pattern OPTIONAL = Pattern.compile("\\(\\?:([^()|]*)\\)\\?$");
  private static final Pattern LETTER = Pattern.compile("%(?:Ex)?[A-Za-z]$|\\{L?EPOCH\\}$");

  private static final Pattern GROUP = Pattern.compile("\\((?!\\?)");

  /** What could mean something else than it seems to, seen from its end. */
  private static final Pattern UNCLEAR = Pattern.compile("\\(\\?[=!<(]|%%");

  private DateEnd() {}

  static boolean isWord(String pattern) {
    String rest = CHARACTER.matcher(pattern).replaceAll(".");
    if (UNCLEAR.matcher(rest).find() || !firstGroupIsLast(rest)) {
      return false;
    }
    while (true) {
      Matcher optional = OPTIONAL.matcher(rest);
      if (optional.find()) {
        if (!LETTER.matcher(optional.group(1)).find()) {
          return false;
        }
        rest = rest.substring(0, optional.start());
      } else if (rest.endsWith(")")) {
        rest = rest.substring(0, rest.length() - 1);
      } else {
        return LETTER.matcher(rest).find() && !hasAlternatives(rest);
      }
    }
  }

  /**
   * Whether the group that is the date ends where the pattern does; the pattern is, without one.
   */
  private static boolean firstGroupIsLast(String pattern) {
    Matcher group = GROUP.matcher(pattern);
    if (!group.find()) {
      return true;
    }
    int open = 0;
    for (int i = group.start(); i < pattern.length(); i++) {
      open += pattern.charAt(i) == '(' ? 1 : pattern.charAt(i) == ')' ? -1 : 0;
      if (open == 0) {
        return i == pattern.length() - 1;
      }
    }
    return false;
  }

  /** Whether a bar stands beside its end, or beside a group that holds its end. */
  private static boolean hasAlternatives(String pattern) {
    int closed = 0;
    for (int i = pattern.length() - 1; i >= 0; i--) {
      char c = pattern.charAt(i);
      if (c == '|' && closed == 0) {
        return true;
      }
      closed = c == ')' ? closed + 1 : c == '(' ? Math.max(0, closed - 1) : closed;
    }
    return false;
  }
}
