package io.banstream.processor;

import io.banstream.jails.Jail;
import io.banstream.jails.Policy;
import io.banstream.processor.BanRules.Ruled;
import io.banstream.processor.BanRules.Ruling;
import io.banstream.schemas.Address;
import io.banstream.schemas.EvidenceFailure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the rules would have decided over failures from log files: no Kafka, no guard, no successes,
 * no append time, so no clock is put right and nothing is forgotten. Failures are added in the
 * order of their time; equal times by host name, then line.
 */
public final class Replay {
  private static final Instant NO_APPEND_TIME = Instant.EPOCH;

  private final BanRules rules =
      new BanRules(new GuardRule(Table.inHeap()), new ToldLately(Table.inHeap()));
  private final InForce inForce;
  private final Map<Address, AddressState> states = new HashMap<>();
  private final NetworkBook networks = new NetworkBook(Table.inHeap());
  private final Map<Long, LoggedLine> lines = new HashMap<>();
  private long failures;

  /**
   * @param jails the enabled jails, recidive among them if it is
   */
  public Replay(List<Jail> jails) {
    inForce =
        InForce.NOTHING.with(
            0, jails.stream().collect(Collectors.toMap(Jail::name, Replay::unguarded)), 1);
  }

  private static Policy unguarded(Jail jail) {
    return jail.policy().withGuard(jail.policy().guard().believing());
  }

  /**
   * The bans that this failure makes: none, the jail's, or the jail's and recidive's; and those of
   * the network that it is one too many in.
   *
   * @throws IllegalArgumentException if the jail is not among those given
   */
  public List<ReplayDecision> add(ReplayFailure added) {
    Policy policy =
        inForce
            .policy(added.jail())
            .orElseThrow(() -> new IllegalArgumentException("no jail " + added.jail()));
    Address counted = added.address().counted(policy.ipv6prefix());
    AddressState before = states.getOrDefault(counted, AddressState.NONE);
    Failure failure =
        new Failure(
            added.time(),
            added.host(),
            new Failure.Line(failures++, UserName.of(added.user(), policy)));
    lines.put(failures - 1, new LoggedLine(added.user(), added.line()));
    Ruled ruled =
        rules.rule(
            before, inForce, added.jail(), counted, added.address(), failure, NO_APPEND_TIME);
    List<ReplayDecision> decisions = new ArrayList<>();
    for (Ruling ruling : ruled.rulings()) {
      ruling
          .ban()
          .ifPresent(
              ban -> decisions.add(decision(counted, ban, evidence(ruling), ruling.hosts())));
    }
    lines.keySet().removeAll(unused(before, ruled.state(), failures - 1));
    states.put(counted, ruled.state());
    for (Ruling ruling : ruled.rulings()) {
      ruling.ban().flatMap(ban -> network(counted, ban)).ifPresent(decisions::add);
    }
    return decisions;
  }

  /** The ban of the network that a ban comes to: what {@link NetworkNotes} tells, at once. */
  private Optional<ReplayDecision> network(Address address, Ban ban) {
    Optional<Address> network =
        inForce.policy(ban.jail()).flatMap(Policy::subnet).flatMap(s -> s.network(address));
    if (network.isEmpty() || !ban.key().isFleets()) {
      return Optional.empty();
    }
    AddressState before = states.getOrDefault(network.get(), AddressState.NONE);
    NetworkRules.Ruling ruling =
        NetworkRules.rule(
            before,
            inForce,
            ban.jail(),
            network.get(),
            networks.of(ban.jail(), network.get()),
            new BannedAddresses.Banned(address, ban.from(), ban.until()),
            NO_APPEND_TIME);
    ruling.ban().ifPresent(b -> states.put(network.get(), before.with(b)));
    return ruling.ban().map(b -> decision(network.get(), b, ruling.evidence(), List.of()));
  }

  private static Set<Long> unused(AddressState before, AddressState after, long added) {
    Set<Long> gone = held(before);
    gone.add(added);
    gone.removeAll(held(after));
    return gone;
  }

  /** The numbers of the lines that the windows hold. */
  private static Set<Long> held(AddressState state) {
    Set<Long> held = new HashSet<>();
    for (Window window : state.windows()) {
      for (Failure failure : window.failures()) {
        if (failure.origin() instanceof Failure.Line line) {
          held.add(line.number());
        }
      }
    }
    return held;
  }

  private List<EvidenceFailure> evidence(Ruling ruling) {
    return LoggedLine.evidence(ruling.evidence(), n -> Optional.ofNullable(lines.get(n)));
  }

  private static ReplayDecision decision(
      Address address, Ban ban, List<EvidenceFailure> failures, List<String> hosts) {
    return new ReplayDecision(
        ban.jail(),
        address,
        ban.from(),
        ban.until().equals(Ban.FOR_EVER) ? Optional.empty() : Optional.of(ban.until()),
        ban.network(),
        failures,
        hosts);
  }
}
