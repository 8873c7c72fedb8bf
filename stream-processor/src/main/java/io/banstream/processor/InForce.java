package io.banstream.processor;

import io.banstream.jails.Jail;
import io.banstream.jails.Policy;
import io.banstream.schemas.Address;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What holds at one point of the stream.
 *
 * @param version of the policies; 0 before the first marker
 * @param policies by jail, recidive's among them where it is enabled
 * @param partitions among whose tasks a guard's limit is shared
 * @param allows by target
 */
record InForce(
    long version, Map<String, Policy> policies, int partitions, Map<String, Allow> allows) {
  static final InForce NOTHING = new InForce(0, Map.of(), 1, Map.of());

  /** fail2ban's own default: how long bans are remembered that no policy speaks of. */
  private static final Duration DEFAULT_MEMORY = Duration.ofDays(1);

  /**
   * An entry of the allow list.
   *
   * @param networks what it stands for
   * @param until {@link Ban#FOR_EVER} where it has no end
   */
  record Allow(List<Address> networks, Instant until) {
    Allow {
      networks = List.copyOf(networks);
    }

    boolean covers(Address address) {
      return networks.stream().anyMatch(n -> n.contains(address));
    }
  }

  InForce {
    policies = Map.copyOf(policies);
    allows = Map.copyOf(allows);
  }

  Optional<Policy> policy(String jail) {
    return Optional.ofNullable(policies.get(jail));
  }

  /** Refuses a login of a jail that counts none, or is not in force. */
  void requireCounting(String jail) throws Unbelievable {
    if (jail.equals(Jail.RECIDIVE) || policy(jail).flatMap(Policy::bansOf).isPresent()) {
      throw new Unbelievable("jail = " + jail + ", which reads no log");
    }
    if (policy(jail).isEmpty()) {
      throw new Unbelievable("jail = " + jail + ", which has no policy in version " + version);
    }
  }

  /** The jails that count bans of that one, by name. */
  List<String> countingBansOf(String jail) {
    return policies.entrySet().stream()
        .filter(p -> p.getValue().countsBansOf(jail))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  /** Rule 2: whether a failure of that time is of an address that is never counted. */
  boolean ignores(Policy policy, Address address, Instant time) {
    for (Address network : policy.ignoreip()) {
      if (network.contains(address)) {
        return true;
      }
    }
    for (Allow allow : allows.values()) {
      if (time.isBefore(allow.until()) && allow.covers(address)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a network holds at that time what is never counted, or lies in it. */
  boolean ignoresWithin(Policy policy, Address network, Instant time) {
    return policy.ignoreip().stream().anyMatch(network::overlaps)
        || allows.values().stream()
            .filter(allow -> time.isBefore(allow.until()))
            .anyMatch(allow -> allow.networks().stream().anyMatch(network::overlaps));
  }

  /** How long a ban that is over counts for the next ban of the jail. */
  Duration memory(String jail) {
    return policy(jail).map(Policy::dbpurgeage).orElse(DEFAULT_MEMORY);
  }

  /** The longest that any jail remembers a ban once it is over. */
  Duration longestMemory() {
    return policies.values().stream()
        .map(Policy::dbpurgeage)
        .reduce(DEFAULT_MEMORY, (a, b) -> a.compareTo(b) < 0 ? b : a);
  }

  /** The longest that a login that succeeded matters to any jail. */
  Duration longestKnown() {
    return policies.values().stream()
        .map(p -> p.trust().known())
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  InForce with(long newVersion, Map<String, Policy> newPolicies, int newPartitions) {
    return new InForce(newVersion, newPolicies, newPartitions, allows);
  }

  InForce with(String target, Allow allow) {
    Map<String, Allow> changed = new HashMap<>(allows);
    changed.put(target, allow);
    return new InForce(version, policies, partitions, changed);
  }

  InForce withoutAllow(String target) {
    Map<String, Allow> changed = new HashMap<>(allows);
    changed.remove(target);
    return new InForce(version, policies, partitions, changed);
  }
}
