package io.banstream.jails;

import java.util.Optional;

/**
 * The longest word (letters alone, three or more) that every match of a regular expression holds,
 * as far as that is seen outside of its groups. A line without it need not be tried.
 *
 * <p>Letters alone, since the date is taken out of a line before the expression is tried: it stands
 * between words, so no word comes about by its going.
 */
final class RequiredWord {
  private static final int SHORTEST = 3;

  private final String regex;
  private String longest = "";
  private final StringBuilder word = new StringBuilder();
  private int at;

  private RequiredWord(String regex) {
    this.regex = regex;
  }

  /**
   * @param python an expression that compiles
   */
  static Optional<String> of(String python) {
    if (python.matches("(?s).*\\(\\?[a-zA-Z]*[ix].*")) {
      return Optional.empty();
    }
    RequiredWord search = new RequiredWord(python);
    return search.run() && search.longest.length() >= SHORTEST
        ? Optional.of(search.longest)
        : Optional.empty();
  }

  /** False where there are alternatives outside of groups: then nothing is required. */
  private boolean run() {
    while (at < regex.length()) {
      char c = regex.charAt(at);
      boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
      if (c == '|') {
        return false;
      }
      if (letter) {
        word.append(c);
        at++;
      } else {
        if (c == '*' || c == '?' || c == '{') {
          word.setLength(Math.max(0, word.length() - 1));
        }
        end();
        skip(c);
      }
    }
    end();
    return true;
  }

  private void end() {
    if (word.length() > longest.length()) {
      longest = word.toString();
    }
    word.setLength(0);
  }

  /** Past an escape, a set or a group as a whole, or the one character. */
  private void skip(char c) {
    switch (c) {
      case '\\' -> at += 2;
      case '[' -> skipSet();
      case '(' -> skipGroup();
      default -> at++;
    }
  }

  private void skipSet() {
    at++;
    if (at < regex.length() && regex.charAt(at) == '^') {
      at++;
    }
    at++; // the first, which may be a ]
    if (regex.charAt(at - 1) == '\\') {
      at++;
    }
    while (at < regex.length() && regex.charAt(at) != ']') {
      at += regex.charAt(at) == '\\' ? 2 : 1;
    }
    at++;
  }

  private void skipGroup() {
    int depth = 0;
    do {
      char c = regex.charAt(at);
      if (c == '[') {
        skipSet();
        continue;
      }
      depth += c == '(' ? 1 : c == ')' ? -1 : 0;
      at += c == '\\' ? 2 : 1;
    } while (depth > 0 && at < regex.length());
  }
}
