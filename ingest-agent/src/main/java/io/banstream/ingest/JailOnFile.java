package io.banstream.ingest;

import io.banstream.jails.Jail;
import io.banstream.jails.Match;
import java.time.Instant;
import java.util.List;

/**
 * A jail reading a file: knows up to where its recognizer was fed, and up to where what it found
 * was sent. After a start the recognizer is fed some lines once more, so that it knows what came
 * before, as it did; what it finds in them was sent then.
 */
final class JailOnFile {
  /** How far before the place reached feeding begins, in bytes. */
  private static final long WARM_UP = 1 << 16;

  private final Surroundings around;
  private Jail jail;
  private Recognizer recognizer;
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
    this.recognizer = around.recognizers().apply(jail);
    this.reachedGeneration = reached.generation();
    this.reached = reached.offset();
    this.fedGeneration = reachedGeneration;
    this.fed = Math.max(0, this.reached - WARM_UP);
  }

  /**
   * The jail as it is in force from now on.
   *
   * @throws IllegalArgumentException if a regular expression of the jail does not compile
   */
  void change(Jail to) {
    if (!to.sources().equals(jail.sources())) {
      recognizer = around.recognizers().apply(to);
    }
    jail = to;
  }

  Jail jail() {
    return jail;
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
   * Looks at a line.
   *
   * @return the failures to send: none in a line that was sent before
   */
  List<Match> line(byte[] buf, int from, int to, long generation, long offset, Instant now) {
    if (offset < wanted(generation)) {
      return List.of();
    }
    fedGeneration = generation;
    fed = offset + 1;
    List<Match> found = recognizer.recognize(buf, from, to, now);
    if (generation < reachedGeneration || generation == reachedGeneration && offset < reached) {
      return List.of();
    }
    reachedGeneration = generation;
    reached = offset + 1;
    return found;
  }
}
