package io.banstream.jails;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;

/** What a log's clock shows, without saying how far it is from UTC. */
public final class WallClock {
  /** So far a line may be ahead of when its reading began; a clock is set back by more. */
  private static final Duration AHEAD = Duration.ofMinutes(5);

  private WallClock() {}

  /**
   * When it showed that. Where it was set back it did so twice: then it is the later time, unless
   * that is still to come.
   */
  public static Instant instant(LocalDateTime shown, ZoneId zone, Instant now) {
    ZonedDateTime later = shown.atZone(zone).withLaterOffsetAtOverlap();
    return later.toInstant().isAfter(now.plus(AHEAD))
        ? later.withEarlierOffsetAtOverlap().toInstant()
        : later.toInstant();
  }
}
