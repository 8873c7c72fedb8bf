package io.banstream.console;

import io.banstream.schemas.Address;
import io.banstream.schemas.Decision;
import io.banstream.schemas.DecisionKey;
import io.banstream.schemas.Verdict;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The newest decision of each key, as the topic keeps it. */
final class Decisions {
  private final Map<DecisionKey, Decision> newest = new HashMap<>();
  private final Map<Address, Set<DecisionKey>> byAddress = new HashMap<>();

  /**
   * @return what stood before; null: nothing
   */
  Decision put(DecisionKey key, Decision decision) {
    byAddress.computeIfAbsent(key.address(), a -> new LinkedHashSet<>()).add(key);
    return newest.put(key, decision);
  }

  void remove(DecisionKey key) {
    newest.remove(key);
    byAddress.computeIfPresent(
        key.address(),
        (a, keys) -> {
          keys.remove(key);
          return keys.isEmpty() ? null : keys;
        });
  }

  static boolean inForce(Decision d, Instant now) {
    return d.getVerdict() == Verdict.BAN && (d.getUntil() == null || d.getUntil().isAfter(now));
  }

  Collection<Decision> all() {
    return newest.values();
  }

  Stream<Decision> inForce(Instant now) {
    return newest.values().stream().filter(d -> inForce(d, now));
  }

  /** Decisions on the address itself, on networks that hold it, and on what lies inside it. */
  List<Decision> about(Address address) {
    Stream<Address> holding =
        Stream.iterate(address.prefix(), bits -> bits >= 0, bits -> bits - 1)
            .map(address::network)
            .filter(byAddress::containsKey);
    Stream<Address> inside =
        address.isNetwork()
            ? byAddress.keySet().stream().filter(a -> !a.equals(address) && address.contains(a))
            : Stream.empty();
    return Stream.concat(holding, inside.sorted())
        .flatMap(a -> byAddress.get(a).stream())
        .map(newest::get)
        .toList();
  }
}
