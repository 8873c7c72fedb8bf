package io.banstream.processor;

import io.banstream.jails.Policy;
import io.banstream.processor.BanRules.Ruling;
import io.banstream.processor.Output.Behind;
import io.banstream.processor.Output.Word;
import io.banstream.schemas.Address;
import io.banstream.schemas.EvidenceFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;

/** What the rules came to, into the totals and, where it made a ban, into the topics. */
final class Rulings {
  private final int partition;
  private final InForceStore inForce;
  private final TotalsBook totals;
  private final NetworkNotes notes;
  private final Output output;

  Rulings(
      int partition, InForceStore inForce, TotalsBook totals, NetworkNotes notes, Output output) {
    this.partition = partition;
    this.inForce = inForce;
    this.totals = totals;
    this.notes = notes;
    this.output = output;
  }

  /**
   * @param address as it is counted
   * @param line finds a line of the evidence by its number
   * @param word whose ban it is, where somebody said so
   */
  void tell(
      Address address,
      List<Ruling> rulings,
      LongFunction<Optional<LoggedLine>> line,
      Word word,
      Instant append) {
    for (Ruling ruling : rulings) {
      count(ruling);
      ruling.ban().ifPresent(ban -> ban(address, ruling, ban, line, word, append));
      ruling
          .trip()
          .ifPresent(trip -> output.alert(trip.alert(ruling.jail(), address, partition, append)));
    }
  }

  private void count(Ruling ruling) {
    String jail = ruling.jail();
    String host = ruling.failure().host();
    switch (ruling.fate()) {
      case COUNTED -> totals.count(jail, host, t -> t.setFailed(t.getFailed() + 1));
      case IGNORED -> totals.count(jail, host, t -> t.setIgnored(t.getIgnored() + 1));
      case LATE -> totals.count(jail, host, t -> t.setLate(t.getLate() + 1));
      case IMPORTED -> {}
    }
  }

  private void ban(
      Address address,
      Ruling ruling,
      Ban ban,
      LongFunction<Optional<LoggedLine>> line,
      Word word,
      Instant append) {
    totals.banned(ban, ruling.hosts(), append);
    List<EvidenceFailure> evidence = LoggedLine.evidence(ruling.evidence(), line);
    Word whose = ruling.fate() == BanRules.Fate.IMPORTED ? word : Word.NONE;
    Optional<Duration> longtime =
        ruling.behind().slow()
            ? inForce.now().policy(ban.jail()).map(Policy::longest)
            : Optional.empty();
    output.ban(
        address, ban, inForce.now().version(), new Behind(evidence, longtime), whose, append);
    notes.banned(address, ban, append);
  }
}
