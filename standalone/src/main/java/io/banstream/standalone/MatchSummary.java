package io.banstream.standalone;

import io.banstream.console.Plain;
import io.banstream.jails.FilterDefinition;
import io.banstream.standalone.Trial.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/** What a filter saw in a log, for people: what fail2ban-regex tells, and of which addresses. */
final class MatchSummary {
  private static final int SHOWN = 20;

  private final Trial trial;
  private final boolean all;
  private final List<String> text = new ArrayList<>();

  private MatchSummary(Trial trial, boolean all) {
    this.trial = trial;
    this.all = all;
  }

  /**
   * @param all whether expressions that matched nothing are told too
   * @param took from the first line to the last
   */
  static List<String> lines(Trial trial, boolean all, Duration took) {
    MatchSummary summary = new MatchSummary(trial, all);
    summary.expressions();
    summary.dates();
    summary.addresses();
    summary.totals(took);
    return summary.text;
  }

  /** What took too long, and on how many lines. */
  static List<String> givenUp(Map<String, Long> lines) {
    return lines.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(e -> "left out, lines: " + e.getValue() + ", " + e.getKey())
        .toList();
  }

  private void expressions() {
    FilterDefinition filter = trial.filter();
    text.add("Filter " + filter.name());
    text.add("");
    filter
        .prefregex()
        .ifPresent(
            regex -> {
              text.add("Prefregex: " + trial.prefixes() + " total");
              text.add("           " + Plain.text(regex));
              text.add("");
            });
    expressions("Failregex", filter.failregex(), trial.hits());
    expressions("Ignoreregex", filter.ignoreregex(), trial.ignoring());
  }

  private void expressions(String title, List<String> expressions, long[] hits) {
    text.add(title + ": " + LongStream.of(hits).sum() + " total");
    for (int i = 0; i < hits.length; i++) {
      if (hits[i] > 0 || all) {
        String line = String.format("  %7d  #%d  %s", hits[i], i + 1, expressions.get(i));
        text.add(Plain.text(line));
      }
    }
    text.add("");
  }

  private void dates() {
    text.add("Date templates:");
    counted(trial.dates(), Integer.MAX_VALUE);
    if (trial.undated() > 0) {
      text.add(String.format("  %7d  (no date)", trial.undated()));
    }
    if (trial.undatedMatches() > 0) {
      text.add("  Of the lines that matched, " + trial.undatedMatches() + " have no date");
    }
    text.add("");
  }

  private void addresses() {
    Map<String, Long> addresses = trial.addresses();
    text.add("Addresses (failures, address): " + addresses.size());
    counted(addresses, SHOWN);
    text.add("");
  }

  private void counted(Map<String, Long> counts, int most) {
    counts.entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(most)
        .forEach(e -> text.add(Plain.text(String.format("  %7d  %s", e.getValue(), e.getKey()))));
    if (counts.size() > most) {
      text.add("           and " + (counts.size() - most) + " more");
    }
  }

  private void totals(Duration took) {
    long matched = trial.count(Outcome.MATCHED);
    long missed = trial.count(Outcome.MISSED);
    long ignored = trial.count(Outcome.IGNORED);
    long lines = matched + missed + ignored;
    text.add(
        String.format(
            "Lines: %d lines, %d ignored, %d matched, %d missed", lines, ignored, matched, missed));
    if (trial.passedOver() > 0) {
      text.add("Empty lines and comments, not tried: " + trial.passedOver());
    }
    text.add(String.format("Time: %.2f s", took.toMillis() / 1000.0));
  }
}
