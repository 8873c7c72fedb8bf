package io.banstream.jails;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The last lines of a log, which a filter with {@code maxlines} looks at together. Those that made
 * a match are forgotten, save those that {@code <SKIPLINES>} passed over: they may be part of
 * another.
 */
final class LineBuffer {
  private final int most;
  private final List<String> lines = new ArrayList<>();

  LineBuffer(int most) {
    this.most = most;
  }

  /** The line with its LF. */
  void add(String line) {
    lines.add(line);
    if (lines.size() > most) {
      lines.remove(0);
    }
  }

  String text() {
    return String.join("", lines);
  }

  /**
   * Forgets the lines of a match in {@link #text}.
   *
   * @return those lines, whole, without those passed over
   */
  String take(PythonRegex.Found match) {
    String text = text();
    int from = lineAt(text, match.start());
    int to = lineAt(text, Math.max(match.end() - 1, match.start())) + 1;
    List<String> matched = lines.subList(from, Math.min(to, lines.size()));
    List<String> skipped = skipped(matched, match.groups());
    String taken = String.join("", matched);
    matched.clear();
    lines.addAll(from, skipped);
    return taken;
  }

  private static int lineAt(String text, int index) {
    return (int) text.substring(0, index).chars().filter(c -> c == '\n').count();
  }

  /** Takes the lines passed over out of those of the match, each once and in their order. */
  private static List<String> skipped(List<String> matched, Map<String, String> groups) {
    List<String> skipped = new ArrayList<>();
    int from = 0;
    for (int i = 0; groups.containsKey("skiplines" + i); i++) {
      for (String line : groups.get("skiplines" + i).split("(?<=\n)")) {
        int at = matched.subList(from, matched.size()).indexOf(line);
        if (at >= 0) {
          skipped.add(matched.remove(from + at));
          from += at;
        }
      }
    }
    return skipped;
  }
}
