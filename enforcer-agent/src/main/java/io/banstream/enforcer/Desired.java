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
  private final Map<Entry, Instant> bans = new HashMap<>();
  private final Map<Entry, String> skipped = new HashMap<>();

  private Desired(SortedMap<String, List<Closure>> doors) {
    this.doors = doors;
  }

  static Desired of(Table table, NeverBanned never, Instant now) {
    Desired desired = new Desired(new TreeMap<>(table.jails()));
    for (DecisionKey key : table.bans().keySet()) {
      desired.refresh(new Entry(key.jail(), key.address()), table, never, now);
    }
    return desired;
  }

  /** Takes one entry anew from the table; the step that the kernel needs for it, if any. */
  Optional<Change> refresh(Entry entry, Table table, NeverBanned never, Instant now) {
    boolean held = bans.remove(entry) != null;
    skipped.remove(entry);
    Optional<Instant> until = table.until(entry).filter(u -> u.isAfter(now));
    if (until.isPresent()) {
      Optional<String> why = whyNot(entry, never);
      if (why.isEmpty()) {
        bans.put(entry, until.get());
        return Optional.of(new Change.Put(entry, until.get()));
      }
      skipped.put(entry, why.get());
    }
    return held ? Optional.of(new Change.Take(entry)) : Optional.empty();
  }

  private Optional<String> whyNot(Entry entry, NeverBanned never) {
    List<Closure> closures = doors.get(entry.jail());
    if (closures == null) {
      return Optional.of("no jail of this group");
    }
    if (closures.isEmpty()) {
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
    bans.entrySet()
        .removeIf(e -> !e.getValue().isAfter(now) && (jails.add(e.getKey().jail()) || true));
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

  Map<Entry, String> skipped() {
    return skipped;
  }
}
