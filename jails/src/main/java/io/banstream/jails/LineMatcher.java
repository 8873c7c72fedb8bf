package io.banstream.jails;

import java.time.Instant;
import java.util.List;

/** Finds the failures that one filter sees in lines. Keeps state; not thread-safe. */
public final class LineMatcher {
  private LineMatcher() {}

  /**
   * @throws IllegalArgumentException if a regular expression does not compile; the message names it
   */
  public static LineMatcher compile(FilterDefinition filter, MatchSettings settings) {
    return new LineMatcher();
  }

  /**
   * The failures in a line that carries its own date.
   *
   * @param from first byte of the line
   * @param to one past its last byte, its end (LF, CR LF) left out
   * @param now the time of reading: what a date without a year is held against
   */
  public List<Match> match(byte[] buf, int from, int to, Instant now) {
    return List.of();
  }

  /**
   * The failures in a line without a date: the journal's.
   *
   * @param time when it happened
   */
  public List<Match> matchUndated(byte[] buf, int from, int to, Instant time) {
    return List.of();
  }

  /** Lines so far that a regular expression was given up on: they matched nothing. */
  public long overLimit() {
    return 0;
  }
}
