package io.banstream.enforcer;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What must change for the kernel to hold what is desired. */
final class Difference {
  /** The kernel counts whole seconds, and time passes while it is read. */
  private static final Duration TOLERANCE = Duration.ofSeconds(2);

  private static final Duration MAX_TIMEOUT = Duration.ofSeconds(Change.MAX_TIMEOUT_SECONDS);

  private Difference() {}

  /**
   * @param desired entries and their ends
   * @param held entries and their ends, as the kernel has them
   * @return the steps from one to the other, none for what is over at {@code now}
   */
  static List<Change> between(Map<Entry, Instant> desired, Map<Entry, Instant> held, Instant now) {
    List<Change> changes = new ArrayList<>();
    held.forEach(
        (entry, until) -> {
          if (until.isAfter(now) && !isInForce(desired.get(entry), now)) {
            changes.add(new Change.Take(entry));
          }
        });
    desired.forEach(
        (entry, until) -> {
          if (isInForce(until, now) && !serves(held.get(entry), until, now)) {
            changes.add(new Change.Put(entry, until));
          }
        });
    return changes;
  }

  /**
   * Whether a change between what is desired and what is held comes of others: not of a ban that is
   * all but over, nor of one that is longer than a timeout can be, and renewed.
   *
   * @param held the entry's end in the kernel; null: it is not there
   */
  static boolean isDrift(Change change, Instant held, Instant now) {
    Instant soon = now.plus(TOLERANCE);
    if (change instanceof Change.Put put) {
      boolean renewed = held != null && put.until().isAfter(now.plus(MAX_TIMEOUT));
      return put.until().isAfter(soon) && !renewed;
    }
    return held.isAfter(soon);
  }

  private static boolean isInForce(Instant until, Instant now) {
    return until != null && until.isAfter(now);
  }

  private static boolean serves(Instant held, Instant desired, Instant now) {
    if (held == null) {
      return false;
    }
    boolean forEver = desired.equals(Change.FOR_EVER);
    if (forEver || held.equals(Change.FOR_EVER)) {
      return forEver && held.equals(Change.FOR_EVER);
    }
    if (desired.isAfter(now.plus(MAX_TIMEOUT))) {
      // The kernel can't hold the whole of it: it is refreshed at half time.
      return held.isAfter(now.plus(MAX_TIMEOUT.dividedBy(2)));
    }
    return Duration.between(held, desired).abs().compareTo(TOLERANCE) <= 0;
  }
}
