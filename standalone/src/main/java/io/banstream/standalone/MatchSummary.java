package io.banstream.standalone;

import io.banstream.jails.FilterDefinition;
import io.banstream.jails.Match;
import io.banstream.jails.TooManySteps;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a filter saw in a log, for people. */
final class MatchSummary {
  private static final int SHOWN = 20;

  private final FilterDefinition filter;
  private final long[] byExpression;
  private final Map<String, Long> byAddress = new HashMap<>();
  private final Map<String, Long> givenUp = new TreeMap<>();
  private long matched;

  MatchSummary(FilterDefinition filter) {
    this.filter = filter;
    this.byExpression = new long[filter.failregex().size()];
  }

  /** The filter's name. */
  String filter() {
    return filter.name();
  }

  /** The failures found in one line. */
  void count(List<Match> found) {
    matched += found.isEmpty() ? 0 : 1;
    for (Match match : found) {
      byExpression[match.failregex()]++;
      byAddress.merge(match.host(), 1L, Long::sum);
    }
  }

  /** A line in which nothing was found, since an expression took too long on it. */
  void count(TooManySteps givenUp) {
    this.givenUp.merge(givenUp.getMessage(), 1L, Long::sum);
  }

  /** What took too long, and on how many lines. */
  List<String> givenUp() {
    return givenUp.entrySet().stream()
        .map(e -> "left out, lines: " + e.getValue() + ", " + e.getKey())
        .toList();
  }

  /**
   * @param read lines
   */
  List<String> lines(long read) {
    List<String> text = new ArrayList<>();
    text.add(
        "Filter "
            + filter.name()
            + ": "
            + read
            + " lines, "
            + matched
            + " matched, "
            + (read - matched)
            + " missed");
    text.add("");
    text.add("Expressions that matched (failures, number, failregex):");
    for (int i = 0; i < byExpression.length; i++) {
      if (byExpression[i] > 0) {
        text.add(
            String.format("  %7d  #%d  %s", byExpression[i], i + 1, filter.failregex().get(i)));
      }
    }
    text.add("");
    text.add("Addresses (failures, address): " + byAddress.size());
    byAddress.entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(SHOWN)
        .forEach(e -> text.add(String.format("  %7d  %s", e.getValue(), e.getKey())));
    if (byAddress.size() > SHOWN) {
      text.add("           and " + (byAddress.size() - SHOWN) + " more");
    }
    return text;
  }
}
