package io.banstream.standalone;

import io.banstream.jails.FilterDefinition;
import io.banstream.jails.Match;
import io.banstream.jails.MatchWitness;
import io.banstream.jails.TooManySteps;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * A filter tried on a log: what is counted of its lines, as fail2ban-regex counts. Only one line's
 * findings are kept at a time.
 */
final class Trial implements MatchWitness {
  /** What became of a line. */
  enum Outcome {
    MATCHED,
    MISSED,
    /** By an ignoreregex; or it matched, and is no failure. */
    IGNORED
  }

  /**
   * The expression that made a line's match, and what it captured.
   *
   * @param failregex its index, from 0
   */
  record Hit(int failregex, Map<String, String> groups) {
    boolean isFailure() {
      return groups.getOrDefault("nofail", "").isEmpty();
    }
  }

  private final FilterDefinition filter;
  private final long[] hits;
  private final long[] ignoring;
  private final Map<String, Long> dates = new HashMap<>();
  private final Map<String, Long> addresses = new HashMap<>();
  private final Map<String, Long> givenUp = new TreeMap<>();
  private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
  private long prefixed;
  private long undated;
  private long undatedMatches;
  private long passedOver;

  private Optional<Hit> hit = Optional.empty();
  private Optional<Instant> time = Optional.empty();
  private boolean ignored;
  private boolean dated;

  Trial(FilterDefinition filter) {
    this.filter = filter;
    this.hits = new long[filter.failregex().size()];
    this.ignoring = new long[filter.ignoreregex().size()];
  }

  /**
   * Counts a line.
   *
   * @param matching has the filter look at it, this trial its witness
   */
  Outcome line(Supplier<List<Match>> matching) {
    hit = Optional.empty();
    time = Optional.empty();
    ignored = false;
    dated = false;
    try {
      matching.get().forEach(this::failure);
    } catch (TooManySteps e) {
      givenUp(e);
    }
    Outcome outcome =
        ignored || hit.isPresent() && !hit.get().isFailure()
            ? Outcome.IGNORED
            : hit.isPresent() ? Outcome.MATCHED : Outcome.MISSED;
    outcomes.merge(outcome, 1L, Long::sum);
    undated += dated ? 0 : 1;
    undatedMatches += dated || outcome != Outcome.MATCHED ? 0 : 1;
    return outcome;
  }

  private void failure(Match match) {
    addresses.merge(match.host(), 1L, Long::sum);
    time = Optional.of(match.time());
  }

  /** A line that is empty or a comment: it is not tried. */
  void passOver() {
    passedOver++;
  }

  @Override
  public void dated(String form) {
    dated = true;
    dates.merge(form, 1L, Long::sum);
  }

  @Override
  public void prefixed() {
    prefixed++;
  }

  @Override
  public void hit(int failregex, Map<String, String> groups) {
    hits[failregex]++;
    hit = Optional.of(new Hit(failregex, groups));
  }

  @Override
  public void alsoHit(int failregex) {
    hits[failregex]++;
  }

  @Override
  public void ignored(int ignoreregex) {
    ignoring[ignoreregex]++;
    ignored = true;
  }

  @Override
  public void givenUp(TooManySteps e) {
    givenUp.merge(e.getMessage(), 1L, Long::sum);
  }

  FilterDefinition filter() {
    return filter;
  }

  /** Of the line last counted. */
  Optional<Hit> lastHit() {
    return hit;
  }

  /** When the last counted line's failure was; empty where there was none. */
  Optional<Instant> lastTime() {
    return time;
  }

  long count(Outcome outcome) {
    return outcomes.getOrDefault(outcome, 0L);
  }

  /** Lines whose prefix matched. */
  long prefixes() {
    return prefixed;
  }

  /** By failregex: the lines on which it matched. */
  long[] hits() {
    return hits.clone();
  }

  /** By ignoreregex: how often it matched. */
  long[] ignoring() {
    return ignoring.clone();
  }

  /** Lines by the form of their date. */
  Map<String, Long> dates() {
    return Map.copyOf(dates);
  }

  /** Lines without a date. */
  long undated() {
    return undated;
  }

  /** Lines without a date that matched. */
  long undatedMatches() {
    return undatedMatches;
  }

  /** Failures by address, or name. */
  Map<String, Long> addresses() {
    return Map.copyOf(addresses);
  }

  /** Empty lines and comments. */
  long passedOver() {
    return passedOver;
  }

  /** Lines, by what took too long on them. */
  Map<String, Long> givenUp() {
    return Map.copyOf(givenUp);
  }
}
