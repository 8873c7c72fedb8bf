package io.banstream.processor;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The newest login of an address that succeeded, in whatever jail.
 *
 * @param time when it happened
 * @param touched append time of the last record that told of one
 */
record Success(Instant time, Instant touched) {
  /** What is known once a login of {@code time} is. */
  static Success newest(Optional<Success> known, Instant time, Instant append) {
    return new Success(known.map(k -> Ban.later(k.time, time)).orElse(time), append);
  }

  /** Whether at {@code from} its address is one that logs in, by known.days. */
  boolean isKnown(Instant from, Duration known) {
    return !time.isAfter(from) && time.isAfter(from.minus(known));
  }
}
