package io.banstream.processor;

import io.banstream.schemas.Address;
import java.time.Instant;

/** What time alone brings: tombstones, windows that end, states that are forgotten. */
final class AlarmStep {
  /** At once: so that a long silence's alarms don't hold up the records behind them. */
  private static final int MOST = 2_000;

  private final InForceStore inForce;
  private final AddressStore addresses;
  private final TotalsBook totals;
  private final Output output;

  AlarmStep(InForceStore inForce, AddressStore addresses, TotalsBook totals, Output output) {
    this.inForce = inForce;
    this.addresses = addresses;
    this.totals = totals;
    this.output = output;
  }

  /**
   * @param append as far as the partition's records have come
   */
  void ring(Instant append) {
    for (AlarmBook.Alarm alarm : addresses.ring(append, MOST)) {
      look(alarm.address(), alarm.time(), append);
    }
  }

  private void look(Address address, long alarm, Instant append) {
    AddressState stored = addresses.state(address);
    if (stored.alarm().equals(Ban.FOR_EVER) || stored.alarm().toEpochMilli() != alarm) {
      return; // an earlier one was set since, or there is nothing to look at any more
    }
    AddressState before = stored.withAlarm(Ban.FOR_EVER); // it rang, and is gone
    InForce now = inForce.now();
    AddressState recalled = Memory.recall(before, now, append);
    for (Ban ban : recalled.lastBans()) {
      if (!ban.dropped() && !append.isBefore(ban.tombstone())) {
        output.tombstone(address, ban.key(), append);
      }
    }
    // An older ban's decision was replaced by the last one's: nothing is left of it to drop.
    AddressState told =
        recalled.withBans(
            b -> append.isBefore(b.tombstone()) || b.dropped() ? b : b.withTombstoneWritten());
    AddressState after = Memory.settle(told, now, append);
    totals.failing(before, after, now);
    addresses.save(address, before, after, now);
  }
}
