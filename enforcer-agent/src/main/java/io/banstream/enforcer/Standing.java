package io.banstream.enforcer;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The bans that the kernel has of those that are desired, as far as it has answered; tells
 * witnesses what comes and goes. Not thread-safe.
 */
final class Standing {
  private final List<BanWitness> witnesses;
  private final Map<Entry, Instant> standing = new HashMap<>();

  /** In force before the start, and not told since. */
  private final Map<Entry, Instant> before;

  private boolean found;

  /**
   * @param desired what was desired, as far as the table tells that was left before the start:
   *     entries and their ends
   */
  Standing(List<BanWitness> witnesses, Map<Entry, Instant> desired) {
    this.witnesses = List.copyOf(witnesses);
    this.before = new HashMap<>(desired);
  }

  /** What the kernel had before the first touch: heard the first time only. */
  void found(Map<Entry, Instant> held) {
    if (!found) {
      held.forEach(before::putIfAbsent);
      found = true;
    }
  }

  /**
   * @param applied those entries of the changes that the kernel took
   */
  void applied(List<Change> changes, Collection<Entry> applied, Instant now) {
    Set<Entry> taken = new HashSet<>(applied);
    for (Change change : changes) {
      if (taken.contains(change.entry())) {
        if (change instanceof Change.Put put) {
          stands(put.entry(), put.until(), now);
        } else if (standing.remove(change.entry()) != null) {
          witnesses.forEach(w -> w.unbanned(change.entry()));
        }
      }
    }
  }

  /**
   * The kernel's entries were read.
   *
   * @param desired entries and their ends
   */
  void read(Map<Entry, Instant> held, Map<Entry, Instant> desired, Instant now) {
    desired.forEach(
        (entry, until) -> {
          if (held.containsKey(entry)) {
            stands(entry, until, now);
          }
        });
    for (Iterator<Entry> each = standing.keySet().iterator(); each.hasNext(); ) {
      Entry entry = each.next();
      if (!desired.containsKey(entry) && !held.containsKey(entry)) {
        each.remove();
        witnesses.forEach(w -> w.unbanned(entry));
      }
    }
  }

  /** The kernel ends each ban by itself. */
  void expire(Map<Entry, Instant> desired, Instant now) {
    for (Iterator<Map.Entry<Entry, Instant>> each = standing.entrySet().iterator();
        each.hasNext(); ) {
      Map.Entry<Entry, Instant> ban = each.next();
      if (ban.getValue().isAfter(now)) {
        continue;
      }
      Instant longer = desired.get(ban.getKey());
      if (longer != null && longer.isAfter(now)) {
        ban.setValue(longer);
      } else {
        each.remove();
        witnesses.forEach(w -> w.unbanned(ban.getKey()));
      }
    }
  }

  private void stands(Entry entry, Instant until, Instant now) {
    if (standing.put(entry, until) == null) {
      Instant known = before.remove(entry);
      boolean again = known != null && known.isAfter(now);
      witnesses.forEach(w -> w.banned(entry, until, again));
    }
  }
}
