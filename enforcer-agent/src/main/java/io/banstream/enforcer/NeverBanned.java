package io.banstream.enforcer;

import io.banstream.schemas.Address;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The addresses and networks that this host never bans, whatever a decision says, and why. A ban of
 * a network that holds one of them is not applied either.
 */
final class NeverBanned {
  /**
   * One of them.
   *
   * @param why as an operator reads it: {@code name server}, {@code allow list}
   */
  record Exempt(Address address, String why) {}

  /** A host that has been silent for so long is no longer counted as of the fleet. */
  private static final Duration PEER_FORGOTTEN = Duration.ofDays(7);

  private static final List<Exempt> ALWAYS =
      List.of(
          new Exempt(Address.parse("127.0.0.0/8"), "loopback"),
          new Exempt(Address.parse("::1"), "loopback"));

  private final Map<Address, String> exempt = new HashMap<>();
  private final TreeSet<Integer> prefixesV4 = new TreeSet<>();
  private final TreeSet<Integer> prefixesV6 = new TreeSet<>();

  NeverBanned(Collection<Exempt> surroundings) {
    ALWAYS.forEach(this::add);
    surroundings.forEach(this::add);
  }

  /** The surroundings and what the topics add: the allow list, the fleet's other hosts. */
  static NeverBanned of(Collection<Exempt> surroundings, Table table, Instant now) {
    NeverBanned never = new NeverBanned(surroundings);
    table
        .allows()
        .forEach(
            (target, allowed) -> {
              if (allowed.until().isAfter(now)) {
                allowed.addresses().forEach(a -> never.add(new Exempt(a, "allow list")));
              }
            });
    table
        .peers()
        .forEach(
            (name, peer) -> {
              if (peer.seen().plus(PEER_FORGOTTEN).isAfter(now) && !name.equals(table.host())) {
                peer.addresses().forEach(a -> never.add(new Exempt(a, "host " + name)));
              }
            });
    return never;
  }

  private void add(Exempt e) {
    exempt.putIfAbsent(e.address(), e.why());
    (e.address().isV4() ? prefixesV4 : prefixesV6).add(e.address().prefix());
  }

  /** Why this is not to be banned here; empty: it may be. */
  Optional<String> why(Address address) {
    if (address.prefix() == 0) {
      return Optional.of("every address there is");
    }
    for (int prefix : address.isV4() ? prefixesV4 : prefixesV6) {
      String why = prefix > address.prefix() ? null : exempt.get(address.network(prefix));
      if (why != null) {
        return Optional.of(why);
      }
    }
    if (address.isNetwork()) {
      for (Map.Entry<Address, String> e : exempt.entrySet()) {
        if (address.contains(e.getKey())) {
          return Optional.of("holds " + e.getKey() + ": " + e.getValue());
        }
      }
    }
    return Optional.empty();
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof NeverBanned n && exempt.equals(n.exempt);
  }

  @Override
  public int hashCode() {
    return exempt.hashCode();
  }
}
