package io.banstream.jails;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

/**
 * All the filters that read one log, as one automaton over its bytes: many lines are gone through
 * in one pass, for words without which no expression of theirs can match. Lines without any are not
 * decoded, and cost no object. A line that has some goes to a taker, who has the filters look at
 * it, each with the expressions that can match in it.
 *
 * <p>A filter with an expression that needs no word, or that looks at several lines together, gets
 * every line. A set is one log's, its lines given in order; not thread-safe.
 */
public final class FilterSet {
  private final List<LineMatcher> filters;
  private final Sieve sieve;
  private final LinesBefore before = new LinesBefore();

  /** By filter: the expressions that can match in the line at hand. */
  private final List<BitSet> possible = new ArrayList<>();

  /** By filter: the expressions that can match in any line. */
  private final List<BitSet> always = new ArrayList<>();

  private final boolean everyLine;
  private long lines;

  /** Takes the lines that filters are to look at. */
  @FunctionalInterface
  public interface Taker {
    /**
     * @param line valid during the call
     */
    void take(LogLine line);

    /** Whether to go on after that line. */
    default boolean wantsMore() {
      return true;
    }
  }

  /**
   * @param filters {@link LogLine} knows them by their numbers, from 0
   */
  public FilterSet(List<LineMatcher> filters) {
    this.filters = List.copyOf(filters);
    List<List<List<Set<Word>>>> sieved = new ArrayList<>();
    for (LineMatcher filter : filters) {
      List<List<Set<Word>>> conditions = filter.conditions();
      BitSet all = new BitSet();
      boolean open = conditions.stream().anyMatch(List::isEmpty);
      all.set(0, open ? conditions.size() : 0);
      sieved.add(open ? List.of() : conditions);
      always.add(all);
      possible.add(new BitSet());
    }
    this.everyLine = always.stream().anyMatch(a -> !a.isEmpty());
    this.sieve = new Sieve(sieved);
  }

  /**
   * Goes through {@code buf[from, to)}, whole lines; the log's last may lack its end.
   *
   * @return where it came to: {@code to}, or behind the line after which the taker stopped it
   */
  public int scan(byte[] buf, int from, int to, Taker taker) {
    long[] marks = sieve.mark(buf, from, to);
    before.begin(from);
    int at = from;
    boolean on = true;
    while (on && at < to) {
      int seen = everyLine ? at : from + nextMark(marks, at - from, to - from);
      if (seen < to) {
        int begin = Newlines.last(buf, at, seen) + 1;
        int lf = Newlines.first(buf, seen, to);
        lines += Newlines.count(buf, at, begin) + 1;
        at = Math.min(lf + 1, to);
        on = look(buf, begin, lf, taker);
      } else {
        lines += Newlines.count(buf, at, to) + (buf[to - 1] == '\n' ? 0 : 1);
        at = to;
      }
    }
    before.end(buf, at);
    return at;
  }

  private static int nextMark(long[] marks, int from, int to) {
    int at = from >> 6;
    long word = marks[at] & -1L << from;
    while (word == 0) {
      at++;
      if (at == marks.length) {
        return to;
      }
      word = marks[at];
    }
    return Math.min(to, (at << 6) + Long.numberOfTrailingZeros(word));
  }

  /**
   * Zeros before a line are no part of it: a writer that does not append leaves them where the log
   * was truncated under it.
   */
  private boolean look(byte[] buf, int begin, int lf, Taker taker) {
    int from = begin;
    while (from < lf && buf[from] == 0) {
      from++;
    }
    int to = lf > from && buf[lf - 1] == '\r' ? lf - 1 : lf;
    for (int f = 0; f < filters.size(); f++) {
      possible.get(f).clear();
      possible.get(f).or(always.get(f));
    }
    if (!sieve.possible(buf, from, to, possible) && !everyLine) {
      return true;
    }
    taker.take(new LogLine(buf, from, to, lines, filters, possible, before));
    return taker.wantsMore();
  }

  /** Lines gone through so far. */
  public long lines() {
    return lines;
  }
}
