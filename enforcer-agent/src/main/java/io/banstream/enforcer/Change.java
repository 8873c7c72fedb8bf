package io.banstream.enforcer;

import java.time.Instant;

/** One step that brings the kernel nearer to what is desired. */
sealed interface Change {
  /** Longest timeout that ipset takes: 2^31 / 1000 seconds. */
  long MAX_TIMEOUT_SECONDS = 2_147_483;

  /** The until of a ban that does not end. */
  Instant FOR_EVER = Instant.MAX;

  Entry entry();

  /** The entry is in its set until then, whether it was before or not. */
  record Put(Entry entry, Instant until) implements Change {
    /**
     * Seconds left, as ipset takes them: 0 for ever, else 1 to its maximum. Rounded up: a ban never
     * ends before its time.
     */
    long timeoutSeconds(Instant now) {
      if (until.equals(FOR_EVER)) {
        return 0;
      }
      long seconds = now.until(until.plusNanos(999_999_999), java.time.temporal.ChronoUnit.SECONDS);
      return Math.max(1, Math.min(MAX_TIMEOUT_SECONDS, seconds));
    }
  }

  /** The entry is not in its set. */
  record Take(Entry entry) implements Change {}
}
