package io.banstream.processor;

import io.banstream.schemas.DecisionKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * All that is known of one counted address.
 *
 * @param windows by jail and reach, each once; where none is, nothing was ever counted
 * @param bans as they were decided, oldest first
 * @param success the newest login that succeeded, if any is known
 * @param alarm append time at which it is looked at next though nothing came; {@link Ban#FOR_EVER}
 */
record AddressState(
    List<Window> windows, List<Ban> bans, Optional<Success> success, Instant alarm) {
  static final AddressState NONE =
      new AddressState(List.of(), List.of(), Optional.empty(), Ban.FOR_EVER);

  AddressState {
    windows = List.copyOf(windows);
    bans = List.copyOf(bans);
  }

  boolean isEmpty() {
    return windows.isEmpty() && bans.isEmpty() && success.isEmpty();
  }

  Optional<Window> window(JailReach key) {
    for (Window window : windows) {
      if (window.key().equals(key)) {
        return Optional.of(window);
      }
    }
    return Optional.empty();
  }

  /** The last ban of that jail and reach, lifted or over as it may be. */
  Optional<Ban> lastBan(String jail, String reach) {
    for (int i = bans.size() - 1; i >= 0; i--) {
      Ban ban = bans.get(i);
      if (ban.jail().equals(jail) && ban.reach().equals(reach)) {
        return Optional.of(ban);
      }
    }
    return Optional.empty();
  }

  /** Whether the last ban of that jail and reach, or of the jail's for the fleet, holds. */
  boolean banned(String jail, String reach, Instant time) {
    return !bans.isEmpty() && (holds(jail, reach, time) || holds(jail, DecisionKey.FLEET, time));
  }

  private boolean holds(String jail, String reach, Instant time) {
    Optional<Ban> last = lastBan(jail, reach);
    return last.isPresent() && last.get().holds(time);
  }

  /** The jail's bans, each the last of its reach, that the guard limited and that hold. */
  List<Ban> limitedBans(String jail, Instant time) {
    if (bans.isEmpty()) {
      return List.of();
    }
    return lastBans().stream()
        .filter(b -> b.limited() && b.jail().equals(jail) && b.holds(time))
        .toList();
  }

  /** The last ban of each jail and reach: what the newest decisions say. */
  List<Ban> lastBans() {
    Map<JailReach, Ban> last = new TreeMap<>();
    bans.forEach(b -> last.put(b.key(), b));
    return List.copyOf(last.values());
  }

  AddressState with(Window window) {
    List<Window> changed = new ArrayList<>(windows.size() + 1);
    boolean before = true; // by key, so that the same state is the same bytes
    for (Window other : windows) {
      int order = before ? window.key().compareTo(other.key()) : 1;
      if (before && order <= 0) {
        changed.add(window);
        before = false;
      }
      if (order != 0) {
        changed.add(other);
      }
    }
    if (before) {
      changed.add(window);
    }
    return new AddressState(changed, bans, success, alarm);
  }

  /** With one more ban, which gets the next number. */
  AddressState with(Ban ban) {
    List<Ban> changed = new ArrayList<>(bans);
    changed.add(ban.numbered(1 + (bans.isEmpty() ? 0 : bans.get(bans.size() - 1).number())));
    return new AddressState(windows, changed, success, alarm);
  }

  /** The number that the last ban of its jail and reach has. */
  int numberOf(Ban ban) {
    return lastBan(ban.jail(), ban.reach()).map(Ban::number).orElse(0);
  }

  AddressState with(Success newest) {
    return new AddressState(windows, bans, Optional.of(newest), alarm);
  }

  /**
   * Every window as {@code change} leaves it; the same state where it changes none.
   *
   * @param change keeps the window's key
   */
  AddressState withWindows(UnaryOperator<Window> change) {
    List<Window> changed = null;
    for (int i = 0; i < windows.size(); i++) {
      Window window = windows.get(i);
      Window now = change.apply(window);
      if (now != window && changed == null) {
        changed = new ArrayList<>(windows);
      }
      if (now != window) {
        changed.set(i, now);
      }
    }
    return changed == null ? this : new AddressState(changed, bans, success, alarm);
  }

  AddressState withBans(UnaryOperator<Ban> change) {
    return new AddressState(windows, bans.stream().map(change).toList(), success, alarm);
  }

  AddressState withAlarm(Instant append) {
    return append.equals(alarm) ? this : new AddressState(windows, bans, success, append);
  }
}
