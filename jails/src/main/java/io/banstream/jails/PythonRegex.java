package io.banstream.jails;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A regular expression of Python's, ready to search.
 *
 * <p>Python's classes are Unicode's. That costs, and makes no difference to a text that is all
 * ASCII, as nearly every log line is: so there are two compiled forms. Not thread-safe.
 */
final class PythonRegex {
  private static final Pattern FLAGS_IN_GROUP =
      Pattern.compile("(?<!\\\\)\\((?:\\?:)?\\((\\?[a-zA-Z]+)\\)");

  private final Map<String, Integer> groups;
  private final Matcher ascii;
  private final String java;
  private final int flags;
  private Matcher unicode;

  private PythonRegex(PythonSyntax.Translation translation, int flags) {
    this.groups = translation.groups();
    this.java = translation.java();
    this.flags = flags;
    this.ascii = Pattern.compile(java, flags).matcher("");
  }

  /**
   * @param multiline whether ^ and $ also stand at the lines' ends within the text
   * @throws IllegalArgumentException if it does not compile; the message is one line
   */
  static PythonRegex compile(String python, boolean multiline) {
    String local = FLAGS_IN_GROUP.matcher(python).replaceAll("($1:");
    int flags = Pattern.UNIX_LINES | (multiline ? Pattern.MULTILINE : 0);
    try {
      return new PythonRegex(PythonSyntax.translate(local), flags);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(e.getDescription(), e);
    }
  }

  boolean hasGroup(String name) {
    return groups.containsKey(name);
  }

  /**
   * The first match in the text.
   *
   * @throws StepLimit.Exceeded if it takes too long
   */
  Optional<Found> search(StepLimit text) {
    Matcher matcher = text.isAscii() ? ascii : unicode();
    text.restart();
    try {
      if (!matcher.reset(text).find()) {
        return Optional.empty();
      }
    } catch (StackOverflowError e) {
      // Java's matcher recurses for each repetition of a group: no match, as for too many steps.
      throw new StepLimit.Exceeded(e);
    }
    Map<String, String> found = new LinkedHashMap<>();
    groups.forEach(
        (name, number) -> {
          if (matcher.start(number) >= 0) {
            found.put(name, text.substring(matcher.start(number), matcher.end(number)));
          }
        });
    int first = matcher.groupCount() > 0 && matcher.start(1) >= 0 ? 1 : 0;
    return Optional.of(
        new Found(matcher.start(), matcher.end(), matcher.start(first), matcher.end(first), found));
  }

  /**
   * @param start of the match
   * @param end of the match
   * @param firstStart of the first group; of the match where there is none
   * @param firstEnd likewise
   * @param groups the named groups that took part
   */
  record Found(int start, int end, int firstStart, int firstEnd, Map<String, String> groups) {}

  private Matcher unicode() {
    if (unicode == null) {
      unicode = Pattern.compile(java, flags | Pattern.UNICODE_CHARACTER_CLASS).matcher("");
    }
    return unicode;
  }
}
