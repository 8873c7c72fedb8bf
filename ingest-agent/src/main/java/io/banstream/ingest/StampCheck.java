package io.banstream.ingest;

import java.time.Duration;
import java.time.Instant;

/**
 * Whether a followed log's stamps agree with when its lines are written: what is found in the pass
 * after one that reached the end was written in between. fail2ban takes such failures for ones of
 * now; here they are of the time they say, so that a replay comes to the same bans, and it is told.
 */
final class StampCheck {
  /** How long ago the end may have been reached, for what comes to be new. */
  private static final Duration RECENT = Duration.ofSeconds(10);

  /** As fail2ban's: from here on a stamp is no matter of a slow writer. */
  private static final Duration OFF = Duration.ofMinutes(1);

  private Instant atEnd = Instant.MAX;

  /**
   * @param whole whether the pass of {@code now} read all there was
   */
  void passed(boolean whole, Instant now) {
    atEnd = whole ? now : Instant.MAX;
  }

  /**
   * Whether a line that was found in the pass of {@code now} was stamped long before it was
   * written.
   */
  boolean isOff(Instant stamp, Instant now) {
    return !atEnd.equals(Instant.MAX)
        && now.isBefore(atEnd.plus(RECENT))
        && stamp.isBefore(atEnd.minus(OFF));
  }
}
