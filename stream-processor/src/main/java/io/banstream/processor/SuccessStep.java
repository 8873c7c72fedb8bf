package io.banstream.processor;

import io.banstream.jails.Policy;
import java.time.Instant;

/** One login that succeeded through the rules, and what it came to into the stores. */
final class SuccessStep {
  private final InForceStore inForce;
  private final AddressChange change;

  SuccessStep(InForceStore inForce, AddressChange change) {
    this.inForce = inForce;
    this.change = change;
  }

  void take(Sighting sighting, Instant append) throws Unbelievable {
    InForce now = inForce.now();
    String jail = sighting.jail();
    String host = sighting.host();
    now.requireCounting(jail);
    Policy policy = now.policy(jail).orElseThrow();
    change.apply(
        sighting.counted(),
        state -> SuccessRules.take(state, jail, policy, host, sighting.time(), append),
        append);
  }
}
