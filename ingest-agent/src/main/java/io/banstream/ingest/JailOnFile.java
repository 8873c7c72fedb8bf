package io.banstream.ingest;

import io.banstream.jails.Jail;
import io.banstream.jails.LineMatcher;
import io.banstream.jails.Match;
import java.util.List;
import java.util.function.Supplier;

/**
 * A jail reading a file, or the spool: knows up to where its filter was fed, and up to where what
 * it found was sent. After a start the filter is fed some lines once more, so that it knows what
 * came before, as it did; what it finds in them was sent then.
 */
final class JailOnFile {
  /** How far before the place reached feeding begins, in bytes. */
  private static final long WARM_UP = 1 << 16;

  private final Surroundings around;
  private Jail jail;
  private LineMatcher filter;
  private long fedGeneration;
  private long fed;
  private long reachedGeneration;
  private long reached;

  /**
   * @throws IllegalArgumentException if a regular expression of the jail does not compile
   */
  JailOnFile(Jail jail, Mark reached, Surroundings around) {
    this.around = around;
    this.jail = jail;
    this.filter = around.filters().apply(jail);
    this.reachedGeneration = reached.generation();
    this.reached = reached.offset();
    this.fedGeneration = reachedGeneration;
    this.fed = Math.max(0, this.reached - WARM_UP);
  }

  /**
   * The jail as it is in force from now on.
   *
   * @return whether its filter is another one
   * @throws IllegalArgumentException if a regular expression of the jail does not compile
   */
  boolean change(Jail to) {
    LineMatcher before = filter;
    if (!Filters.isSame(to, jail)) {
      filter = around.filters().apply(to);
    }
    jail = to;
    return filter != before;
  }

  Jail jail() {
    return jail;
  }

  LineMatcher filter() {
    return filter;
  }

  Mark reached() {
    return new Mark(reachedGeneration, reached);
  }

  /** Before which byte of this generation's file it wants no line any more. */
  long wanted(long generation) {
    if (generation == fedGeneration) {
      return fed;
    }
    return generation < fedGeneration ? Long.MAX_VALUE : 0;
  }

  /**
   * Looks at a line, unless it has done so before.
   *
   * @param offset where the line begins
   * @param match has the filter look at it
   * @return the logins to send: none in a line that was sent before
   */
  List<Match> line(long generation, long offset, Supplier<List<Match>> match) {
    if (offset < wanted(generation)) {
      return List.of();
    }
    List<Match> found = match.get();
    boolean sent =
        generation < reachedGeneration || generation == reachedGeneration && offset < reached;
    return sent ? List.of() : around.successes().wanted(jail, found);
  }

  /** Every line before this byte was looked at, or had nothing to look at. */
  void passed(long generation, long offset) {
    if (offset > wanted(generation)) {
      fedGeneration = generation;
      fed = offset;
    }
    if (generation > reachedGeneration || generation == reachedGeneration && offset > reached) {
      reachedGeneration = generation;
      reached = offset;
    }
  }
}
