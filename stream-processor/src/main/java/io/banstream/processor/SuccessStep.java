package io.banstream.processor;

import java.time.Instant;

/** One login that succeeded through the rules, and what it came to into the stores. */
final class SuccessStep {
  private final InForceStore inForce;
  private final Positions positions;
  private final AddressStore addresses;
  private final TotalsBook totals;

  SuccessStep(
      InForceStore inForce, Positions positions, AddressStore addresses, TotalsBook totals) {
    this.inForce = inForce;
    this.positions = positions;
    this.addresses = addresses;
    this.totals = totals;
  }

  void take(Sighting sighting, Instant append) throws Unbelievable {
    InForce now = inForce.now();
    String jail = sighting.jail();
    String host = sighting.host();
    if (!positions.advance(host, jail, sighting.position(), append)) {
      return;
    }
    now.requireCounting(jail);
    AddressState before = addresses.state(sighting.counted());
    AddressState ruled =
        SuccessRules.take(
            addresses.recalled(sighting.counted(), now, append),
            jail,
            now.policy(jail).orElseThrow(),
            host,
            sighting.time(),
            append);
    AddressState after = Memory.settle(ruled, now, append);
    totals.failing(before, after, now);
    addresses.save(sighting.counted(), before, after, now);
  }
}
