package io.banstream.enforcer;

import io.banstream.jails.Enforcement.Closure;
import io.banstream.schemas.DecisionKey;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the kernel of this host is to hold, by the table and by what is never banned: the doors and
 * the entries, and what is left out with why. Not thread-safe.
 */
final class Desired {
  private final SortedMap<String, List<Closure>> doors;
  private final Set<String> active;
  private final Map<Entry, Instant> bans = new HashMap<>();

  /** Bans of jails whose actions run here, the kernel's or not. */
  private final Map<Entry, Instant> acting = new HashMap<>();

  private final Map<Entry, String> skipped = new HashMap<>();

  private Desired(SortedMap<String, List<Closure>> doors, Set<String> active) {
    this.doors = doors;
    this.active = Set.copyOf(active);
  }

  static Desired of(Table table, NeverBanned never, Instant now) {
    Desired desired = new Desired(new TreeMap<>(table.jails()), table.actions().keySet());
    for (String reach : List.of(DecisionKey.FLEET, table.host())) {
      table.bans(reach).keySet().forEach(entry -> desired.refresh(entry, table, never, now));
    }
    return desired;
  }

  /** Takes one entry anew from the table; the step that the kernel needs for it, if any. */
  Optional<Change> refresh(Entry entry, Table table, NeverBanned never, Instant now) {
    boolean held = bans.remove(entry) != null;
    skipped.remove(entry);
    acting.remove(entry);
    Optional<Instant> until = table.until(entry).filter(u -> u.isAfter(now));
    if (until.isPresent()) {
      Optional<String> why = whyNot(entry, never);
      why.ifPresent(words -> skipped.put(entry, words));
      if (why.isEmpty() && active.contains(entry.jail())) {
        acting.put(entry, until.get());
      }
      if (why.isEmpty() && hasSet(entry.jail())) {
        bans.put(entry, until.get());
        return Optional.of(new Change.Put(entry, until.get()));
      }
    }
    return held ? Optional.of(new Change.Take(entry)) : Optional.empty();
  }

  private Optional<String> whyNot(Entry entry, NeverBanned never) {
    List<Closure> closures = doors.get(entry.jail());
    if (closures == null) {
      return Optional.of("no jail of this group");
    }
    if (closures.isEmpty() && !active.contains(entry.jail())) {
      return Optional.of("the jail bans nobody");
    }
    return never.why(entry.address());
  }

  /**
   * Leaves out what is over.
   *
   * @return the jails that this changed
   */
  Set<String> expire(Instant now) {
    Set<String> jails = new TreeSet<>();
    for (Map<Entry, Instant> map : List.of(bans, acting)) {
      map.entrySet()
          .removeIf(e -> !e.getValue().isAfter(now) && (jails.add(e.getKey().jail()) || true));
    }
    return jails;
  }

  /** Every jail of the group and its closures; a jail without closures has no set. */
  SortedMap<String, List<Closure>> doors() {
    return doors;
  }

  /** Whether the kernel is to have a set for this jail. */
  boolean hasSet(String jail) {
    return !doors.getOrDefault(jail, List.of()).isEmpty();
  }

  Map<Entry, Instant> bans() {
    return bans;
  }

  /** Bans of jails whose actions run here. */
  Map<Entry, Instant> acting() {
    return acting;
  }

  Map<Entry, String> skipped() {
    return skipped;
  }
}
