package io.banstream.processor;

import io.banstream.schemas.DecisionKey;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * One failure of an address, as a window holds it.
 *
 * @param time when it happened
 * @param host whose log showed it; of a ban, the host of the failure that completed it
 * @param origin what it was
 */
record Failure(Instant time, String host, Origin origin) {
  /** What failed. */
  sealed interface Origin permits Line, Earlier, Banned {}

  /**
   * A login, told by a line of a log.
   *
   * @param number finds the line again: its record's offset, or a replay's count
   * @param name stands for the user name tried, where the jail counts those; 0: none is known
   */
  record Line(long number, long name) implements Origin {
    Line(long number) {
      this(number, 0);
    }
  }

  /** A login that findtime has left behind: of its line nothing is kept. */
  record Earlier() implements Origin {}

  /**
   * A ban, which is a failure of recidive.
   *
   * @param number the ban's; 0: not known
   * @param word the host on whose word alone a ban of the fleet was made, if on one's
   * @param limited whether only the guard kept it on its host
   */
  record Banned(String jail, String reach, int number, Optional<String> word, boolean limited)
      implements Origin {
    private Optional<String> speaker() {
      return reach.equals(DecisionKey.FLEET) ? word : Optional.of(reach);
    }
  }

  Failure {
    Objects.requireNonNull(time);
    Objects.requireNonNull(host);
    Objects.requireNonNull(origin);
  }

  /** The name that it tried; 0: none is known. */
  long name() {
    return origin instanceof Line line ? line.name() : 0;
  }

  /** As the second window keeps it. */
  Failure withoutLine() {
    return origin instanceof Line ? new Failure(time, host, new Earlier()) : this;
  }

  /** The host on whose word alone it is, if on one's. */
  Optional<String> speaker() {
    return origin instanceof Banned ban ? ban.speaker() : Optional.of(host);
  }

  /** Whether it is a ban that the guard limited: it counts for its host only. */
  boolean isLimited() {
    return origin instanceof Banned ban && ban.limited();
  }
}
