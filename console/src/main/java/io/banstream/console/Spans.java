package io.banstream.console;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Times as an operator reads them. */
final class Spans {
  private Spans() {}

  /** The two largest units, as {@code 2 h 5 min}. */
  static String text(Duration d) {
    long s = Math.max(0, d.toSeconds());
    if (s < 60) {
      return s + " s";
    }
    if (s < 3600) {
      return s / 60 + " min" + rest(s % 60, "s");
    }
    if (s < 86_400) {
      return s / 3600 + " h" + rest(s % 3600 / 60, "min");
    }
    return s / 86_400 + " d" + rest(s % 86_400 / 3600, "h");
  }

  private static String rest(long amount, String unit) {
    return amount == 0 ? "" : " " + amount + " " + unit;
  }

  /** A ban's end as a line has it: {@code until 2026-11-25T05:00:00Z}, or for ever. */
  static String until(Instant until) {
    return Optional.ofNullable(until)
        .map(u -> "until " + u.truncatedTo(ChronoUnit.SECONDS))
        .orElse("for ever");
  }
}
