package io.banstream.processor;

import java.time.Duration;
import java.time.Instant;

/**
 * A ban of an address, kept as its history.
 *
 * @param number from 1, in the order in which the address was banned; 0: not known
 * @param from time of the failure that made it, or when an operator said it
 * @param until when it ends or ended; {@link #FOR_EVER}
 * @param nth the how-manieth of its jail and reach, from 1
 * @param limited it reaches one host only because of the guard
 * @param network of a network, for the addresses that its jail has banned in it
 * @param ended before its time; it can't be ended again
 * @param remembered counts for the bans to come; not where an unban took it out of the history
 * @param touched append time of the record that decided or ended it
 * @param dropped whether its decision's tombstone is written
 */
record Ban(
    int number,
    JailReach key,
    Instant from,
    Instant until,
    int nth,
    boolean limited,
    boolean network,
    boolean ended,
    boolean remembered,
    Instant touched,
    boolean dropped) {
  static final Instant FOR_EVER = Instant.MAX;
  private static final Duration SHOWN = Duration.ofDays(1);

  static Ban decided(
      JailReach key, Instant from, Instant until, int nth, boolean limited, Instant append) {
    return new Ban(0, key, from, until, nth, limited, false, false, true, append, false);
  }

  /** A network's, for the addresses that are banned in it: never limited. */
  static Ban ofNetwork(JailReach key, Instant from, Instant until, int nth, Instant append) {
    return new Ban(0, key, from, until, nth, false, true, false, true, append, false);
  }

  Ban numbered(int which) {
    return new Ban(
        which, key, from, until, nth, limited, network, ended, remembered, touched, dropped);
  }

  String jail() {
    return key.jail();
  }

  String reach() {
    return key.reach();
  }

  /** Whether it holds at {@code time}; also where {@code time} is before its begin. */
  boolean holds(Instant time) {
    return time.isBefore(until);
  }

  /** The same ban, ended at {@code time}. */
  Ban lifted(Instant time, boolean keepHistory, Instant append) {
    return new Ban(
        number,
        key,
        from,
        time,
        nth,
        limited,
        network,
        true,
        remembered && keepHistory,
        append,
        false);
  }

  /** The append time from which its decision is no longer shown: a day after it was over. */
  Instant tombstone() {
    return until.equals(FOR_EVER) ? FOR_EVER : later(until, touched).plus(SHOWN);
  }

  Ban withTombstoneWritten() {
    return new Ban(
        number, key, from, until, nth, limited, network, ended, remembered, touched, true);
  }

  /** Whether a ban from {@code time} on still counts it. */
  boolean countsAt(Instant time, Duration memory) {
    return remembered && (until.equals(FOR_EVER) || !time.isAfter(until.plus(memory)));
  }

  static Instant later(Instant a, Instant b) {
    return a.isBefore(b) ? b : a;
  }
}
