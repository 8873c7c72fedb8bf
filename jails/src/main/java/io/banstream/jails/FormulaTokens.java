package io.banstream.jails;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words of a formula, one after the other. */
final class FormulaTokens {
  private static final String DIGITS = "\\d(?:_?\\d)*";
  private static final String FRACTION =
      "(?:" + DIGITS + "\\.(?:" + DIGITS + ")?|\\." + DIGITS + ")";
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\s*(?:(?<float>(?:FRACTION(?:[eE][+-]?DIGITS)?|DIGITS[eE][+-]?DIGITS)(?!\\w))"
                  .replace("FRACTION", FRACTION)
                  .replace("DIGITS", DIGITS)
              + "|(?<whole>(?:0(?:_?0)*|[1-9](?:_?\\d)*)(?![\\w.]))"
              + "|(?<name>[A-Za-z_]\\w*(?:\\s*\\.\\s*[A-Za-z_]\\w*)*)"
              + "|(?<sign>\\*\\*|//|<<|>>|[<>=!]=|[-+*/%&|^~<>(),]))");

  /** What a word of a formula is. */
  enum Kind {
    FLOAT,
    WHOLE,
    NAME,
    SIGN,
    END
  }

  /**
   * @param text without blanks
   * @param at the place in the formula, from 1
   */
  record Token(Kind kind, String text, int at) {
    boolean is(String sign) {
      return kind != Kind.FLOAT && kind != Kind.WHOLE && text.equals(sign);
    }

    boolean isOneOf(Set<String> signs) {
      return signs.contains(text);
    }

    /** How a message names it. */
    String named() {
      return kind == Kind.END ? "the end" : "'" + Printable.of(text) + "' at " + at;
    }
  }

  private final List<Token> tokens = new ArrayList<>();
  private int next;

  /**
   * @throws IllegalArgumentException if something in the text can't be a formula's
   */
  FormulaTokens(String formula) {
    String text = formula.stripTrailing();
    Matcher m = TOKEN.matcher(text);
    int end = 0;
    while (end < text.length()) {
      if (!m.find(end) || m.start() != end) {
        int at = end;
        while (Character.isWhitespace(text.charAt(at))) {
          at++;
        }
        String rest = text.substring(at, text.offsetByCodePoints(at, 1));
        throw new IllegalArgumentException(
            "'" + Printable.of(rest) + "' at " + (at + 1) + " is not of a formula's language");
      }
      tokens.add(token(m));
      end = m.end();
    }
    tokens.add(new Token(Kind.END, "", text.length() + 1));
  }

  private static Token token(Matcher m) {
    for (Kind kind : List.of(Kind.FLOAT, Kind.WHOLE, Kind.NAME, Kind.SIGN)) {
      String group = kind.name().toLowerCase(Locale.ROOT);
      if (m.group(group) != null) {
        String text = m.group(group).replaceAll(kind == Kind.NAME ? "\\s" : "_", "");
        return new Token(kind, text, m.start(group) + 1);
      }
    }
    throw new IllegalStateException("a token of no kind");
  }

  Token peek() {
    return tokens.get(next);
  }

  Token take() {
    Token token = tokens.get(next);
    next = Math.min(next + 1, tokens.size() - 1);
    return token;
  }

  /** Takes the next if it is that sign or word. */
  boolean take(String sign) {
    boolean there = peek().is(sign);
    if (there) {
      take();
    }
    return there;
  }

  /**
   * @throws IllegalArgumentException if the next is another
   */
  void expect(String sign) {
    if (!take(sign)) {
      throw new IllegalArgumentException(peek().named() + ": expected " + sign);
    }
  }
}
