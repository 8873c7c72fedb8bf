package io.banstream.processor;

import io.banstream.jails.Jail;
import io.banstream.processor.BanRules.Ruled;
import io.banstream.processor.BanRules.Ruling;
import io.banstream.schemas.EvidenceFailure;
import java.time.Instant;
import java.util.List;

/** One failed login through the rules, and what it came to into the stores and topics. */
final class FailureStep {
  private final InForceStore inForce;
  private final Positions positions;
  private final AddressStore addresses;
  private final TotalsBook totals;
  private final Output output;

  FailureStep(
      InForceStore inForce,
      Positions positions,
      AddressStore addresses,
      TotalsBook totals,
      Output output) {
    this.inForce = inForce;
    this.positions = positions;
    this.addresses = addresses;
    this.totals = totals;
    this.output = output;
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
    ruled.rulings().forEach(ruling -> tell(sighting, ruling, append));
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

  private void tell(Sighting sighting, Ruling ruling, Instant append) {
    String jail = ruling.jail();
    String host = ruling.failure().host();
    switch (ruling.fate()) {
      case COUNTED -> totals.count(jail, host, t -> t.setFailed(t.getFailed() + 1));
      case IGNORED -> totals.count(jail, host, t -> t.setIgnored(t.getIgnored() + 1));
      case LATE -> totals.count(jail, host, t -> t.setLate(t.getLate() + 1));
    }
    ruling.ban().ifPresent(ban -> ban(sighting, ruling, ban, append));
  }

  private void ban(Sighting sighting, Ruling ruling, Ban ban, Instant append) {
    totals.banned(ban, ruling.hosts(), append);
    List<EvidenceFailure> evidence =
        LoggedLine.evidence(ruling.evidence(), number -> line(sighting, number));
    output.ban(
        sighting.counted(), ban, inForce.now().version(), evidence, Output.Word.NONE, append);
  }

  /** The line that completes a window was never kept. */
  private LoggedLine line(Sighting sighting, long number) {
    boolean own = sighting.failure().origin().equals(new Failure.Line(number));
    return own ? sighting.logged() : addresses.line(number);
  }
}
