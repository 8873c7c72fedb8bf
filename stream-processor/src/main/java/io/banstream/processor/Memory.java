package io.banstream.processor;

import io.banstream.jails.Policy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What time alone does to an address's state, by the partition's append time (rule 13).
 *
 * <p>A window is forgotten {@link #GRACE} after it holds nothing and no record touched it, a ban
 * {@link #GRACE} after no jail remembers it and no record touched it; likewise the time of a login
 * that succeeded. So what is forgotten could have changed nothing for a failure that reaches Kafka
 * within that time of its happening; one still older is ruled as if its address were new.
 */
final class Memory {
  /** As long as attempts are kept. */
  static final Duration GRACE = Duration.ofDays(7);

  private Memory() {}

  /** The state without what is forgotten by {@code append}. */
  static AddressState recall(AddressState state, InForce inForce, Instant append) {
    List<Window> windows = state.windows();
    for (Window window : state.windows()) {
      if (!append.isBefore(forgotten(window, inForce))) {
        windows = windows.stream().filter(w -> append.isBefore(forgotten(w, inForce))).toList();
        break;
      }
    }
    List<Ban> bans = bans(state, inForce, append);
    Optional<Success> success = state.success().filter(s -> append.isBefore(forgotten(s, inForce)));
    return windows == state.windows()
            && bans.size() == state.bans().size()
            && success.isPresent() == state.success().isPresent()
        ? state
        : new AddressState(windows, bans, success, state.alarm());
  }

  private static List<Ban> bans(AddressState state, InForce inForce, Instant append) {
    if (state.bans().isEmpty()) {
      return state.bans();
    }
    Map<JailReach, Integer> newer = new HashMap<>();
    List<Ban> kept = new ArrayList<>();
    for (int i = state.bans().size() - 1; i >= 0; i--) {
      Ban ban = state.bans().get(i);
      int place = newer.merge(ban.key(), 1, Integer::sum);
      if (place <= History.MOST && append.isBefore(forgotten(ban, inForce))) {
        kept.add(0, ban);
      }
    }
    return kept;
  }

  /** Marks the windows that count as failing at {@code append}, and sets the alarm. */
  static AddressState settle(AddressState state, InForce inForce, Instant append) {
    AddressState settled = state.withWindows(w -> w.failing(isFailing(w, state, inForce, append)));
    return settled.withAlarm(alarm(settled, inForce));
  }

  private static boolean isFailing(
      Window window, AddressState state, InForce inForce, Instant append) {
    return !window.failures().isEmpty()
        && inForce.policy(window.key().jail()).isPresent()
        && append.isBefore(end(window, inForce))
        && !state.banned(window.key().jail(), window.key().reach(), append);
  }

  private static Instant alarm(AddressState state, InForce inForce) {
    Instant alarm = Ban.FOR_EVER;
    for (Window window : state.windows()) {
      Instant next = window.failing() ? end(window, inForce) : forgotten(window, inForce);
      alarm = next.isBefore(alarm) ? next : alarm;
    }
    for (Ban ban : state.bans()) {
      Instant next = ban.dropped() ? forgotten(ban, inForce) : ban.tombstone();
      alarm = next.isBefore(alarm) ? next : alarm;
    }
    if (state.success().isPresent()) {
      Instant next = forgotten(state.success().get(), inForce);
      alarm = next.isBefore(alarm) ? next : alarm;
    }
    return alarm;
  }

  /** When findtime's window holds nothing, unless a failure comes. */
  static Instant end(Window window, InForce inForce) {
    // A withdrawn jail may come back: its windows wait for it a while.
    Duration findtime = inForce.policy(window.key().jail()).map(Policy::findtime).orElse(GRACE);
    return window.newest().plus(window.failures().isEmpty() ? Duration.ZERO : findtime);
  }

  private static Instant forgotten(Window window, InForce inForce) {
    Duration longest = inForce.policy(window.key().jail()).map(Policy::longest).orElse(GRACE);
    Instant over = window.newest().plus(window.isEmpty() ? Duration.ZERO : longest);
    return Ban.later(over, window.touched()).plus(GRACE);
  }

  private static Instant forgotten(Success success, InForce inForce) {
    Instant over = success.time().plus(inForce.longestKnown());
    return Ban.later(over, success.touched()).plus(GRACE);
  }

  private static Instant forgotten(Ban ban, InForce inForce) {
    return ban.until().equals(Ban.FOR_EVER)
        ? Ban.FOR_EVER
        : Ban.later(ban.until().plus(inForce.longestMemory()), ban.touched()).plus(GRACE);
  }
}
