package io.banstream.processor;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * All that is known of one counted address.
 *
 * @param windows by jail and scope; where none is, nothing was ever counted
 * @param bans as they were decided, oldest first
 * @param alarm append time at which it is looked at next though nothing came; {@link Ban#FOR_EVER}
 */
record AddressState(Map<JailReach, Window> windows, List<Ban> bans, Instant alarm) {
  static final AddressState NONE = new AddressState(Map.of(), List.of(), Ban.FOR_EVER);

  AddressState {
    windows = Map.copyOf(windows);
    bans = List.copyOf(bans);
  }

  boolean isEmpty() {
    return windows.isEmpty() && bans.isEmpty();
  }

  Optional<Window> window(JailReach key) {
    return Optional.ofNullable(windows.get(key));
  }

  /** The last ban of that jail and reach, lifted or over as it may be. */
  Optional<Ban> lastBan(JailReach key) {
    return bans.stream().filter(b -> b.key().equals(key)).reduce((older, newer) -> newer);
  }

  /** Whether the last ban of that jail and reach, or of the jail's for the fleet, holds. */
  boolean banned(JailReach key, Instant time) {
    return lastBan(key).filter(b -> b.holds(time)).isPresent()
        || lastBan(JailReach.fleet(key.jail())).filter(b -> b.holds(time)).isPresent();
  }

  /** The last ban of each jail and reach: what the newest decisions say. */
  List<Ban> lastBans() {
    Map<JailReach, Ban> last = new TreeMap<>();
    bans.forEach(b -> last.put(b.key(), b));
    return List.copyOf(last.values());
  }

  /** The numbers of the lines that its windows hold. */
  Set<Long> lines() {
    Set<Long> lines = new HashSet<>();
    for (Window window : windows.values()) {
      for (Failure failure : window.failures()) {
        if (failure.origin() instanceof Failure.Line line) {
          lines.add(line.number());
        }
      }
    }
    return lines;
  }

  AddressState with(JailReach key, Window window) {
    Map<JailReach, Window> changed = new TreeMap<>(windows);
    changed.put(key, window);
    return new AddressState(changed, bans, alarm);
  }

  AddressState with(Ban ban) {
    List<Ban> changed = new ArrayList<>(bans);
    changed.add(ban);
    return new AddressState(windows, changed, alarm);
  }

  AddressState withBans(UnaryOperator<Ban> change) {
    return new AddressState(windows, bans.stream().map(change).toList(), alarm);
  }

  AddressState withAlarm(Instant append) {
    return new AddressState(windows, bans, append);
  }
}
