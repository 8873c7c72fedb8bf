package io.banstream.ingest;

import io.banstream.jails.ShellWords;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A filter's journalmatch as arguments of journalctl. */
final class JournalMatch {
  private static final Pattern FIELD = Pattern.compile("[A-Z0-9_]+=.*", Pattern.DOTALL);

  private JournalMatch() {}

  /**
   * @param groups each a group of {@code FIELD=value}, separated by blanks and quoted where they
   *     hold one; any of which suffices
   * @throws IllegalArgumentException if there is something else in it, which journalctl might take
   *     for an option
   */
  static List<String> arguments(List<String> groups) {
    List<String> words = new ArrayList<>();
    for (String group : groups) {
      words.add("+");
      words.addAll(ShellWords.split(group));
    }
    List<String> arguments = new ArrayList<>();
    for (String word : words) {
      if (FIELD.matcher(word).matches()) {
        arguments.add(word);
      } else if (word.equals("+")) {
        if (!arguments.isEmpty() && !arguments.get(arguments.size() - 1).equals("+")) {
          arguments.add(word);
        }
      } else {
        throw new IllegalArgumentException("journalmatch = " + word + ", expected FIELD=value");
      }
    }
    return arguments;
  }
}
