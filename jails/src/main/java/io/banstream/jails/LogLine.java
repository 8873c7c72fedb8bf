package io.banstream.jails;

import java.time.Instant;
import java.util.BitSet;
import java.util.List;

/**
 * A line of a log, for the filters of a {@link FilterSet} to look at: those that might find
 * something in it.
 */
public final class LogLine {
  private final byte[] buf;
  private final int from;
  private final int to;
  private final long number;
  private final List<LineMatcher> filters;
  private final List<BitSet> possible;
  private final LinesBefore before;

  /**
   * @param possible by filter: the expressions that can match in it
   */
  LogLine(
      byte[] buf,
      int from,
      int to,
      long number,
      List<LineMatcher> filters,
      List<BitSet> possible,
      LinesBefore before) {
    this.buf = buf;
    this.from = from;
    this.to = to;
    this.number = number;
    this.filters = filters;
    this.possible = possible;
    this.before = before;
  }

  /** Holds it in {@code [from, to)}. */
  public byte[] buf() {
    return buf;
  }

  public int from() {
    return from;
  }

  /** One past its last byte; its end (LF, CR LF) is left out. */
  public int to() {
    return to;
  }

  /** From 1, of all lines that the set was given. */
  public long number() {
    return number;
  }

  /**
   * The failures that a filter finds in it, its date its own. A line without one is of the date of
   * the line before it where that was within the last minute, else of now.
   *
   * @param filter its number in the set
   * @param now the time of reading: what a date without a year is held against
   * @throws TooManySteps if an expression took too long on it; the filter found nothing
   */
  public List<Match> match(int filter, Instant now) {
    return possible.get(filter).isEmpty()
        ? List.of()
        : filters.get(filter).match(this, possible.get(filter), now);
  }

  /**
   * The failures that a filter finds in a line without a date: the journal's and a syslog socket's,
   * as {@code HOST IDENTIFIER[PID]: MESSAGE}.
   *
   * @param filter its number in the set
   * @param time when it happened
   * @throws TooManySteps if an expression took too long on it; the filter found nothing
   */
  public List<Match> matchUndated(int filter, Instant time) {
    return possible.get(filter).isEmpty()
        ? List.of()
        : filters.get(filter).matchUndated(this, possible.get(filter), time);
  }

  /**
   * The same line without what stands before {@code begin}: a head that is none of the log's.
   *
   * @param begin from {@link #from()} to {@link #to()}
   */
  public LogLine after(int begin) {
    if (begin < from || begin > to) {
      throw new IllegalArgumentException("begin = " + begin + ", expected " + from + " to " + to);
    }
    return new LogLine(buf, begin, to, number, filters, possible, before);
  }

  /** The lines before it, the nearest first, as far as they are still known. */
  List<byte[]> before() {
    return before.of(buf, from);
  }
}
