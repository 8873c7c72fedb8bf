package io.banstream.jails;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/**
 * A regular expression of Python's, ready to search.
 *
 * <p>Python's classes are Unicode's. That costs, and makes no difference to a text that is all
 * ASCII, as nearly every log line is: so there are two compiled forms. Not thread-safe.
 */
final class PythonRegex {
  private static final Pattern FLAGS_IN_GROUP =
      Pattern.compile("(?<!\\\\)\\((?:\\?:)?\\((\\?[a-zA-Z]+)\\)");

  private final String python;
  private final String[] names;

  /** The groups of these names. */
  private final int[] numbers;

  private final Matcher plain;
  private final String local;
  private final String java;
  private final int flags;
  private Matcher unicode;

  private PythonRegex(
      String python, String local, PythonSyntax.Translation translation, int flags) {
    this.python = python;
    this.local = local;
    this.names = translation.groups().keySet().stream().sorted().toArray(String[]::new);
    this.numbers = Stream.of(names).mapToInt(translation.groups()::get).toArray();
    this.java = translation.java();
    this.flags = flags;
    this.plain = Pattern.compile(java, flags).matcher("");
  }

  /**
   * @param multiline whether ^ and $ also stand at the lines' ends within the text
   * @throws IllegalArgumentException if it does not compile; the message is one line
   */
  static PythonRegex compile(String python, boolean multiline) {
    String local = FLAGS_IN_GROUP.matcher(python).replaceAll("($1:");
    int flags = Pattern.UNIX_LINES | (multiline ? Pattern.MULTILINE : 0);
    try {
      return new PythonRegex(python, local, PythonSyntax.translate(local, false), flags);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(e.getDescription(), e);
    }
  }

  /**
   * What is in every text that matches, as far as it is known.
   *
   * @param phrases whether words may have blanks and marks in them
   */
  List<Set<Word>> requiredWords(boolean phrases) {
    return RequiredWords.of(java, phrases);
  }

  /** Names of groups, sorted. */
  List<String> groups() {
    return List.of(names);
  }

  /**
   * The first match in the text.
   *
   * @throws StepLimit.Exceeded if it takes too long
   */
  Optional<Found> search(StepLimit text) {
    Matcher matcher = text.isPlain() ? plain : unicode();
    try {
      if (!matcher.reset(text).find()) {
        return Optional.empty();
      }
    } catch (StackOverflowError e) {
      // Java's matcher recurses for each repetition of a group: no match, as for too many steps.
      throw new StepLimit.Exceeded(e);
    }
    Map<String, String> found = new HashMap<>();
    for (int i = 0; i < names.length; i++) {
      int start = matcher.start(numbers[i]);
      if (start >= 0) {
        found.put(names[i], text.substring(start, matcher.end(numbers[i])));
      }
    }
    int first = matcher.groupCount() > 0 && matcher.start(1) >= 0 ? 1 : 0;
    return Optional.of(
        new Found(matcher.start(), matcher.end(), matcher.start(first), matcher.end(first), found));
  }

  /**
   * @param start of the match
   * @param end of the match
   * @param firstStart of the first group; of the match where there is none
   * @param firstEnd likewise
   * @param groups the named groups that took part, changeable
   */
  record Found(int start, int end, int firstStart, int firstEnd, Map<String, String> groups) {}

  private Matcher unicode() {
    if (unicode == null) {
      String any = PythonSyntax.translate(local, true).java();
      unicode = Pattern.compile(any, flags | Pattern.UNICODE_CHARACTER_CLASS).matcher("");
    }
    return unicode;
  }

  @Override
  public String toString() {
    return python;
  }
}
