package io.banstream.enforcer;

import io.banstream.jails.ActionCommands;
import io.banstream.jails.Enforcement.Closure;
import io.banstream.schemas.Address;
import io.banstream.schemas.DecisionKey;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What this host knows of the topics: the bans that reach it, its group's jails, what is allowed,
 * the fleet's other hosts. Not thread-safe.
 */
final class Table {
  /** What an operator allowed. */
  record Allowed(Instant until, List<Address> addresses) {
    Allowed {
      addresses = List.copyOf(addresses);
    }
  }

  /** Another host of the fleet, and when it was last heard of. */
  record Peer(Instant seen, List<Address> addresses) {
    Peer {
      addresses = List.copyOf(addresses);
    }
  }

  /** What else a decision says of a ban. */
  record Facts(Instant from, int failures, int nth) {}

  /** An operator's ban that names no jail: everything, dropped. */
  static final List<Closure> ALL_PORTS =
      List.of(new Closure(List.of(), "all", "INPUT", "DROP", ""));

  private final String host;
  private final Map<Entry, Instant> fleetBans = new HashMap<>();
  private final Map<Entry, Instant> ownBans = new HashMap<>();

  /** Of the bans' jails, each as one string. */
  private final Map<String, String> names = new HashMap<>();

  private final SortedMap<String, List<Closure>> jails = new TreeMap<>();
  private final Map<DecisionKey, Facts> facts = new HashMap<>();
  private final SortedMap<String, List<ActionCommands>> actions = new TreeMap<>();
  private final Set<String> cutting = new HashSet<>();
  private final SortedMap<String, Allowed> allows = new TreeMap<>();
  private final SortedMap<String, Peer> peers = new TreeMap<>();
  private final SortedMap<Integer, Long> positions = new TreeMap<>();

  Table(String host) {
    this.host = host;
    jails.put(DecisionKey.MANUAL, ALL_PORTS);
  }

  String host() {
    return host;
  }

  /** A ban that reaches this host holds until then; one that does not reach it is not kept. */
  void ban(DecisionKey key, Instant until) {
    if (key.reaches(host)) {
      // Each key was read with strings of its own: these would be a third of a large table.
      String jail = names.computeIfAbsent(key.jail(), j -> j);
      bans(key.reach()).put(new Entry(jail, key.address()), until);
    }
  }

  void unban(DecisionKey key) {
    if (key.reaches(host)) {
      bans(key.reach()).remove(entry(key));
      facts.remove(key);
    }
  }

  private static Entry entry(DecisionKey key) {
    return new Entry(key.jail(), key.address());
  }

  /** Forgets the bans that are over. */
  void forget(Instant now) {
    boolean any = false;
    for (Map<Entry, Instant> bans : List.of(fleetBans, ownBans)) {
      any |= bans.values().removeIf(until -> !until.isAfter(now));
    }
    if (any) {
      facts.keySet().removeIf(key -> !bans(key.reach()).containsKey(entry(key)));
    }
  }

  /** What actions are told of a ban that is kept. */
  void facts(DecisionKey key, Facts known) {
    if (key.reaches(host) && bans(key.reach()).containsKey(entry(key))) {
      facts.put(key, known);
    }
  }

  /** What actions are told of an address that is banned in a jail here; empty: not known. */
  Optional<ActionBan> told(Entry entry) {
    return until(entry)
        .flatMap(
            until ->
                Stream.of(DecisionKey.FLEET, host)
                    .filter(reach -> until.equals(bans(reach).get(entry)))
                    .map(reach -> new DecisionKey(entry.address(), entry.jail(), reach))
                    .filter(facts::containsKey)
                    .map(facts::get)
                    .findFirst()
                    .map(f -> new ActionBan(f.from(), until, f.failures(), f.nth())));
  }

  /** Until when an address is banned in a jail here: a ban of the fleet or of this host alone. */
  Optional<Instant> until(Entry entry) {
    Instant fleet = fleetBans.get(entry);
    Instant own = ownBans.get(entry);
    if (fleet == null || own == null) {
      return Optional.ofNullable(fleet == null ? own : fleet);
    }
    return Optional.of(fleet.isAfter(own) ? fleet : own);
  }

  /**
   * The bans of one reach and their ends.
   *
   * @param reach {@link DecisionKey#FLEET}, or this host
   */
  Map<Entry, Instant> bans(String reach) {
    return reach.equals(DecisionKey.FLEET) ? fleetBans : ownBans;
  }

  /**
   * A jail in force in this host's group. What it was read from is left out: it closes no door.
   *
   * @return whether this changed anything
   */
  boolean jail(String jail, List<Closure> closures) {
    if (jail.equals(DecisionKey.MANUAL)) {
      return false;
    }
    List<Closure> doors =
        closures.stream()
            .map(c -> new Closure(c.ports(), c.protocol(), c.chain(), c.blocktype(), ""))
            .distinct()
            .toList();
    return !doors.equals(jails.put(jail, doors));
  }

  /**
   * What a jail's other actions run here, where that is allowed.
   *
   * @return whether this changed anything
   */
  boolean actions(String jail, List<ActionCommands> commands) {
    List<ActionCommands> before = actions.getOrDefault(jail, List.of());
    if (commands.isEmpty()) {
      actions.remove(jail);
    } else {
      actions.put(jail, List.copyOf(commands));
    }
    return !before.equals(commands);
  }

  /** Of each jail that has any. */
  SortedMap<String, List<ActionCommands>> actions() {
    return actions;
  }

  /**
   * Whether a jail's bans also close the connections that there are.
   *
   * @return whether this changed anything
   */
  boolean cut(String jail, boolean cut) {
    return cut ? cutting.add(jail) : cutting.remove(jail);
  }

  /** The jails whose bans also close connections. */
  Set<String> cutting() {
    return cutting;
  }

  /**
   * @return whether there was such a jail
   */
  boolean withdraw(String jail) {
    actions.remove(jail);
    cutting.remove(jail);
    return !jail.equals(DecisionKey.MANUAL) && jails.remove(jail) != null;
  }

  /** The jails in force and how each closes the door, {@code manual} always among them. */
  SortedMap<String, List<Closure>> jails() {
    return jails;
  }

  void allow(String target, Allowed allowed) {
    allows.put(target, allowed);
  }

  void disallow(String target) {
    allows.remove(target);
  }

  SortedMap<String, Allowed> allows() {
    return allows;
  }

  /**
   * @return whether its addresses changed
   */
  boolean peer(String name, Peer peer) {
    Peer before = peers.put(name, peer);
    return !peer.addresses().equals(before == null ? List.of() : before.addresses());
  }

  SortedMap<String, Peer> peers() {
    return peers;
  }

  /** All before this offset of a partition of {@code decisions} is in here. */
  void position(int partition, long next) {
    positions.put(partition, next);
  }

  SortedMap<Integer, Long> positions() {
    return positions;
  }
}
