package io.banstream.enforcer;

import java.time.Duration;
import java.time.Instant;

/**
 * How far the broker's clock is ahead of this host's, by records sent and their append times. The
 * append lies between sending and acknowledgement; where that leaves room for no offset, there is
 * none.
 */
final class ClockOffset {
  /** A host that is off by less goes by its own clock. */
  private static final Duration TOLERANCE = Duration.ofSeconds(1);

  private static final Duration SLOWEST = Duration.ofSeconds(5);

  private volatile Duration offset = Duration.ZERO;

  /**
   * @return whether the offset changed by more than the tolerance
   */
  boolean sample(Instant sent, Instant appended, Instant acknowledged) {
    Duration round = Duration.between(sent, acknowledged);
    if (round.isNegative() || round.compareTo(SLOWEST) > 0) {
      return false;
    }
    Duration least = Duration.between(acknowledged, appended);
    Duration most = Duration.between(sent, appended);
    boolean agrees = least.compareTo(TOLERANCE) <= 0 && most.compareTo(TOLERANCE.negated()) >= 0;
    Duration now = agrees ? Duration.ZERO : least.plus(most).dividedBy(2);
    boolean changed = now.minus(offset).abs().compareTo(TOLERANCE) > 0;
    if (changed) {
      offset = now;
    }
    return changed;
  }

  /** The broker's time at a host's time. */
  Instant broker(Instant host) {
    return host.plus(offset);
  }

  Duration offset() {
    return offset;
  }
}
