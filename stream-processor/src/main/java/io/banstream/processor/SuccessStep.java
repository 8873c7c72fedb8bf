package io.banstream.processor;

import io.banstream.jails.Policy;
import java.time.Instant;

/** One login that succeeded through the rules, and what it came to into the stores. */
final class SuccessStep {
  private final InForceStore inForce;
  private final Positions positions;
  private final AddressChange change;

  SuccessStep(InForceStore inForce, Positions positions, AddressChange change) {
    this.inForce = inForce;
    this.positions = positions;
    this.change = change;
  }

  void take(Sighting sighting, Instant append) throws Unbelievable {
    InForce now = inForce.now();
    String jail = sighting.jail();
    String host = sighting.host();
    if (!positions.advance(host, jail, sighting.position(), append)) {
      return;
    }
    now.requireCounting(jail);
    Policy policy = now.policy(jail).orElseThrow();
    change.apply(
        sighting.counted(),
        state -> SuccessRules.take(state, jail, policy, host, sighting.time(), append),
        append);
  }
}
