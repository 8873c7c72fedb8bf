package io.banstream.jails;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Words as a shell takes them apart: at blanks, unless they are quoted or escaped. */
public final class ShellWords {
  private static final String NEEDS_QUOTES = "[^\\w@%+=:,./-]";

  private ShellWords() {}

  /**
   * @throws IllegalArgumentException if a quotation or an escape does not end
   */
  public static List<String> split(String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = null;
    char quote = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quote == 0 && Character.isWhitespace(c)) {
        if (word != null) {
          words.add(word.toString());
          word = null;
        }
        continue;
      }
      word = word == null ? new StringBuilder() : word;
      if (c == quote) {
        quote = 0;
      } else if (quote == 0 && (c == '"' || c == '\'')) {
        quote = c;
      } else if (c == '\\' && quote != '\'') {
        if (++i == text.length()) {
          throw new IllegalArgumentException("expected something after \\");
        }
        char escaped = text.charAt(i);
        // Within double quotes a backslash stands for itself before anything but these two.
        word.append(quote == '"' && escaped != '"' && escaped != '\\' ? "\\" : "").append(escaped);
      } else {
        word.append(c);
      }
    }
    if (quote != 0) {
      throw new IllegalArgumentException("expected a second " + quote);
    }
    if (word != null) {
      words.add(word.toString());
    }
    return words;
  }

  /** Text that {@link #split} takes apart into these words. */
  static String join(List<String> words) {
    return words.stream()
        .map(
            w ->
                w.isEmpty() || w.replaceFirst(NEEDS_QUOTES, "").length() < w.length()
                    ? "'" + w.replace("'", "'\\''") + "'"
                    : w)
        .collect(Collectors.joining(" "));
  }
}
