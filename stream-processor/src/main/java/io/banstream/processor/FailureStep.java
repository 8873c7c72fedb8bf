package io.banstream.processor;

import io.banstream.processor.BanRules.Ruled;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongFunction;

/** One failed login through the rules, and what it came to into the stores and topics. */
final class FailureStep {
  private final BanRules rules;
  private final InForceStore inForce;
  private final AddressStore addresses;
  private final LongFunction<Optional<LoggedLine>> lines;
  private final TotalsBook totals;
  private final Rulings rulings;

  /**
   * @param lines finds the line of an attempt by its offset
   */
  FailureStep(
      BanRules rules,
      InForceStore inForce,
      AddressStore addresses,
      LongFunction<Optional<LoggedLine>> lines,
      TotalsBook totals,
      Rulings rulings) {
    this.rules = rules;
    this.inForce = inForce;
    this.addresses = addresses;
    this.lines = lines;
    this.totals = totals;
    this.rulings = rulings;
  }

  /**
   * @return whether it made a ban
   */
  boolean take(Sighting sighting, Instant append) throws Unbelievable {
    InForce now = inForce.now();
    String jail = sighting.jail();
    now.requireCounting(jail);
    AddressState before = addresses.state(sighting.counted());
    Ruled ruled =
        rules.rule(
            addresses.recalled(sighting.counted(), now, append),
            now,
            jail,
            sighting.counted(),
            sighting.client(),
            sighting.failure(now.policy(jail).orElseThrow()),
            append);
    rulings.tell(sighting.counted(), ruled.rulings(), lines, Output.Word.NONE, append);
    AddressState after = Memory.settle(ruled.state(), now, append);
    totals.failing(before, after, now);
    addresses.save(sighting.counted(), before, after, now);
    return ruled.rulings().get(0).ban().isPresent();
  }
}
