package io.banstream.processor;

import java.time.Instant;
import java.util.Objects;

/**
 * One failure of an address, as a window holds it.
 *
 * @param time when it happened
 * @param host whose log showed it; of a ban, the host of the failure that completed it
 * @param origin what it was
 */
record Failure(Instant time, String host, Origin origin) {
  /** What failed. */
  sealed interface Origin permits Line, Banned {}

  /**
   * A login, told by a line of a log.
   *
   * @param number finds the line again: its record's offset, or a replay's count
   */
  record Line(long number) implements Origin {}

  /** A ban, which is a failure of recidive. */
  record Banned(String jail, String reach) implements Origin {}

  Failure {
    Objects.requireNonNull(time);
    Objects.requireNonNull(host);
    Objects.requireNonNull(origin);
  }
}
