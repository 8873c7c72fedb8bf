package io.banstream.processor;

import io.banstream.jails.Jail;
import io.banstream.processor.BanRules.Ruled;
import java.time.Instant;

/** One failed login through the rules, and what it came to into the stores and topics. */
final class FailureStep {
  private final InForceStore inForce;
  private final Positions positions;
  private final AddressStore addresses;
  private final TotalsBook totals;
  private final Rulings rulings;

  FailureStep(
      InForceStore inForce,
      Positions positions,
      AddressStore addresses,
      TotalsBook totals,
      Rulings rulings) {
    this.inForce = inForce;
    this.positions = positions;
    this.addresses = addresses;
    this.totals = totals;
    this.rulings = rulings;
  }

  /**
   * @return whether it made a ban
   */
  boolean take(Sighting sighting, Instant append) throws Unbelievable {
    InForce now = inForce.now();
    String jail = sighting.jail();
    String host = sighting.failure().host();
    if (!positions.advance(host, jail, sighting.position(), append)) {
      totals.count(jail, host, t -> t.setRepeated(t.getRepeated() + 1));
      return false;
    }
    requireCounting(jail, now);
    AddressState before = addresses.state(sighting.counted());
    Ruled ruled =
        BanRules.rule(
            Memory.recall(before, now, append),
            now,
            jail,
            sighting.counted(),
            sighting.client(),
            sighting.failure(),
            append);
    rulings.tell(
        sighting.counted(), ruled.rulings(), n -> line(sighting, n), Output.Word.NONE, append);
    AddressState after = Memory.settle(ruled.state(), now, append);
    long number = ((Failure.Line) sighting.failure().origin()).number();
    if (after.lines().contains(number)) {
      addresses.keepLine(number, sighting.logged());
    }
    totals.failing(before, after, now);
    addresses.save(sighting.counted(), before, after);
    return ruled.rulings().stream().anyMatch(r -> r.ban().isPresent());
  }

  private static void requireCounting(String jail, InForce now) throws Unbelievable {
    if (jail.equals(Jail.RECIDIVE)) {
      throw new Unbelievable("jail = recidive, which reads no log");
    }
    if (now.policy(jail).isEmpty()) {
      throw new Unbelievable(
          "jail = " + jail + ", which has no policy in version " + now.version());
    }
  }

  /** The line that completes a window was never kept. */
  private LoggedLine line(Sighting sighting, long number) {
    boolean own = sighting.failure().origin().equals(new Failure.Line(number));
    return own ? sighting.logged() : addresses.line(number);
  }
}
