package io.banstream.processor;

import io.banstream.jails.Policy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What time alone does to an address's state, by the partition's append time (rule 13).
 *
 * <p>A window is forgotten {@link #GRACE} after it holds nothing and no record touched it, a ban
 * {@link #GRACE} after no jail remembers it and no record touched it. So what is forgotten could
 * have changed nothing for a failure that reaches Kafka within that time of its happening; one
 * still older is ruled as if its address were new.
 */
final class Memory {
  /** As long as attempts are kept. */
  static final Duration GRACE = Duration.ofDays(7);

  private Memory() {}

  /** The state without what is forgotten by {@code append}. */
  static AddressState recall(AddressState state, InForce inForce, Instant append) {
    boolean windowsStay =
        state.windows().entrySet().stream()
            .allMatch(w -> append.isBefore(forgotten(w.getKey(), w.getValue(), inForce)));
    List<Ban> bans = bans(state, inForce, append);
    if (windowsStay && bans.size() == state.bans().size()) {
      return state;
    }
    Map<JailReach, Window> windows = new TreeMap<>(state.windows());
    windows
        .entrySet()
        .removeIf(w -> !append.isBefore(forgotten(w.getKey(), w.getValue(), inForce)));
    return new AddressState(windows, bans, state.alarm());
  }

  private static List<Ban> bans(AddressState state, InForce inForce, Instant append) {
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
    Map<JailReach, Window> windows = new TreeMap<>(state.windows());
    windows.replaceAll(
        (key, window) ->
            window.failing(
                inForce.policy(key.jail()).isPresent()
                    && !window.failures().isEmpty()
                    && append.isBefore(end(key, window, inForce))
                    && !state.banned(key, append)));
    AddressState settled = new AddressState(windows, state.bans(), state.alarm());
    return settled.withAlarm(alarm(settled, inForce));
  }

  private static Instant alarm(AddressState state, InForce inForce) {
    Stream<Instant> windows =
        state.windows().entrySet().stream()
            .map(
                w ->
                    w.getValue().failing()
                        ? end(w.getKey(), w.getValue(), inForce)
                        : forgotten(w.getKey(), w.getValue(), inForce));
    Stream<Instant> bans =
        state.bans().stream().map(b -> b.dropped() ? forgotten(b, inForce) : b.tombstone());
    return Stream.concat(windows, bans).min(Instant::compareTo).orElse(Ban.FOR_EVER);
  }

  /** When the window holds nothing, unless a failure comes. */
  static Instant end(JailReach key, Window window, InForce inForce) {
    // A withdrawn jail may come back: its windows wait for it a while.
    Duration findtime = inForce.policy(key.jail()).map(Policy::findtime).orElse(GRACE);
    return window.newest().plus(window.failures().isEmpty() ? Duration.ZERO : findtime);
  }

  private static Instant forgotten(JailReach key, Window window, InForce inForce) {
    return Ban.later(end(key, window, inForce), window.touched()).plus(GRACE);
  }

  private static Instant forgotten(Ban ban, InForce inForce) {
    return ban.until().equals(Ban.FOR_EVER)
        ? Ban.FOR_EVER
        : Ban.later(ban.until().plus(inForce.longestMemory()), ban.touched()).plus(GRACE);
  }
}
