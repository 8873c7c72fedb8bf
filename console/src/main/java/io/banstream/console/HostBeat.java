package io.banstream.console;

import io.banstream.schemas.Heartbeat;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * An agent's last sign of life.
 *
 * @param beat what it said
 * @param appended when the broker took it
 */
record HostBeat(Heartbeat beat, Instant appended) {
  private static final Duration SILENT = Duration.ofSeconds(60);

  /** What is wrong with the agent; empty: nothing. */
  Optional<String> trouble(Instant now) {
    Duration age = age(now);
    if (age.compareTo(SILENT) > 0) {
      return Optional.of("silent for " + Spans.text(age));
    }
    if (beat.getError() != null) {
      return Optional.of(beat.getError());
    }
    return beat.getSources().stream()
        .filter(s -> s.getError() != null)
        .findFirst()
        .map(s -> s.getSource() + ": " + s.getError());
  }

  Duration age(Instant now) {
    Duration age = Duration.between(appended, now);
    return age.isNegative() ? Duration.ZERO : age;
  }

  /** How far the host's clock is behind the broker's (negative: ahead), the way here included. */
  Duration clockBehind() {
    return Duration.between(beat.getTime(), appended);
  }
}
