package io.banstream.console;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How long an operator's word holds. */
final class Lengths {
  /** A century: past it, for ever is meant. */
  private static final Duration LONGEST = Duration.ofDays(36_525);

  private Lengths() {}

  static void require(Optional<Duration> length) {
    length.ifPresent(
        l -> {
          if (l.compareTo(Duration.ofSeconds(1)) < 0 || l.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                "for = " + l.toSeconds() + " s, expected 1 s to " + LONGEST.toDays() + " days");
          }
        });
  }

  static Instant until(Instant from, Optional<Duration> length) {
    return length.map(from::plus).orElse(null);
  }
}
