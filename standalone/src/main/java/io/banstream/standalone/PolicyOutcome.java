package io.banstream.standalone;

import io.banstream.jails.Jail;
import io.banstream.jails.Policy;
import io.banstream.processor.Replay;
import io.banstream.processor.ReplayDecision;
import io.banstream.processor.ReplayFailure;
import io.banstream.schemas.Address;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What a policy comes to over the failures of old logs, counted by jail. */
final class PolicyOutcome {
  /** Names the host where a ban reaches one alone. */
  private static final String EVERYWHERE = "*";

  private final Map<String, Policy> policies = new LinkedHashMap<>();
  private final Map<String, JailOutcome> jails = new LinkedHashMap<>();
  private final JailOutcome all = new JailOutcome();
  private final Map<Door, Instant> shutUntil = new HashMap<>();
  private final Map<Address, Long> failures = new HashMap<>();
  private final Map<Address, Long> bans = new HashMap<>();

  /** What a ban shuts. */
  private record Door(String jail, Address address, String host) {}

  private PolicyOutcome(List<Jail> jails) {
    for (Jail jail : jails) {
      policies.put(jail.name(), jail.policy());
      this.jails.put(jail.name(), new JailOutcome());
    }
  }

  /**
   * Replays failures under the jails' policies.
   *
   * @param failures in order
   */
  static PolicyOutcome of(List<Jail> jails, List<ReplayFailure> failures) {
    PolicyOutcome outcome = new PolicyOutcome(jails);
    Replay replay = new Replay(jails);
    for (ReplayFailure failure : failures) {
      outcome.add(failure);
      replay.add(failure).forEach(ban -> outcome.add(ban, failure.host()));
    }
    return outcome;
  }

  private void add(ReplayFailure failure) {
    Policy policy = policies.get(failure.jail());
    Address address = failure.address().counted(policy.ipv6prefix());
    if (policy.ignoreip().stream().anyMatch(n -> n.contains(failure.address()))) {
      jails.get(failure.jail()).ignored();
      all.ignored();
      return;
    }
    boolean held =
        isHeld(failure.jail(), failure.address(), failure.host(), failure.time())
            || recidives(failure.jail())
                .anyMatch(r -> isHeld(r, failure.address(), failure.host(), failure.time()));
    jails.get(failure.jail()).failure(address, failure.time(), held);
    all.failure(address, failure.time(), held);
    failures.merge(address, 1L, Long::sum);
  }

  /** The jails that count bans of that one. */
  private Stream<String> recidives(String jail) {
    return policies.entrySet().stream()
        .filter(p -> p.getValue().countsBansOf(jail))
        .map(Map.Entry::getKey);
  }

  private void add(ReplayDecision ban, String host) {
    if (policies.get(ban.jail()).bansOf().isEmpty() && !ban.network()) {
      recidives(ban.jail())
          .forEach(
              recidive -> {
                boolean held = isHeld(recidive, ban.address(), host, ban.from());
                jails.get(recidive).failure(ban.address(), ban.from(), held);
              });
    }
    jails.get(ban.jail()).ban(ban);
    all.ban(ban);
    bans.merge(ban.address(), 1L, Long::sum);
    boolean onOne = policies.get(ban.jail()).scope() == Policy.Scope.HOST;
    shutUntil.put(
        new Door(ban.jail(), ban.address(), onOne ? host : EVERYWHERE),
        ban.until().orElse(Instant.MAX));
  }

  private boolean isHeld(String jail, Address address, String host, Instant at) {
    Policy policy = policies.get(jail);
    if (policy == null) {
      return false;
    }
    Address counted = address.counted(policy.ipv6prefix());
    String reach = policy.scope() == Policy.Scope.HOST ? host : EVERYWHERE;
    Optional<Address> network = policy.subnet().flatMap(s -> s.network(counted));
    return isShut(new Door(jail, counted, reach), at)
        || network.map(n -> isShut(new Door(jail, n, reach), at)).orElse(false);
  }

  private boolean isShut(Door door, Instant at) {
    return at.isBefore(shutUntil.getOrDefault(door, Instant.MIN));
  }

  /** By jail, in the configuration's order. */
  Map<String, JailOutcome> jails() {
    return jails;
  }

  /** Of all jails together; what recidive counts is not counted here again. */
  JailOutcome all() {
    return all;
  }

  /** An address's failures, whatever the jail. */
  long failures(Address address) {
    return failures.getOrDefault(address, 0L);
  }

  /** An address's bans, whatever the jail. */
  long bans(Address address) {
    return bans.getOrDefault(address, 0L);
  }
}
