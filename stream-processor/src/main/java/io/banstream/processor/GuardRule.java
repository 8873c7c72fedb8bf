package io.banstream.processor;

import io.banstream.jails.Policy;
import io.banstream.jails.Policy.Guard;
import io.banstream.schemas.Address;
import io.banstream.schemas.Alert;
import io.banstream.schemas.Alerts;
import io.banstream.schemas.DecisionKey;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Rule 11: how many addresses one host's word alone has banned on the others, over all jails, and
 * whether it may ban one more. Past a task's share of {@code guard.bans} in {@code guard.time} such
 * a ban reaches that host only; with {@code guard.confirm} each does. Times are append times.
 *
 * <p>A trip is told once: again only after a ban on that host's word that the share did not hold.
 */
final class GuardRule {
  private static final long LEAST_SHARE = 20;

  private final Table<String> store;
  private final Map<String, SpokenBans> byHost = new HashMap<>();
  private final Set<String> changed = new HashSet<>();

  /**
   * What becomes of a ban on one host's word alone.
   *
   * @param limited whether it stays on that host
   * @param trip where that is to be told
   */
  record Answer(boolean limited, Optional<Trip> trip) {
    private static final Answer FLEET = new Answer(false, Optional.empty());
    private static final Answer HOST = new Answer(true, Optional.empty());
  }

  /**
   * A host's word is held back, or an address is spared.
   *
   * @param guard which guard it is, as an alert names it
   * @param counted how many bans had reached the others
   * @param share how many may
   * @param time within which they are counted
   */
  record Trip(String guard, String host, int counted, int share, Duration time) {
    /** It passed its share. */
    static Trip share(String host, int counted, int share, Duration time) {
      return new Trip(Alerts.BANS, host, counted, share, time);
    }

    /**
     * The address is one that logs in.
     *
     * @param time within which it is told once
     */
    static Trip known(String host, Duration time) {
      return new Trip(Alerts.KNOWN, host, 0, 0, time);
    }

    /** The address is of guard.spare. */
    static Trip spare() {
      return new Trip(Alerts.SPARE, DecisionKey.FLEET, 0, 0, ToldLately.LONGEST);
    }

    Alert alert(String jail, Address address, int partition, Instant append) {
      return new Alert(
          append,
          guard,
          host,
          jail,
          address.toString(),
          counted,
          share,
          time.toMillis(),
          partition);
    }
  }

  GuardRule(Table<String> store) {
    this.store = store;
    store.scan(
        (host, bytes) -> {
          byHost.put(host, SpokenBans.decode(bytes));
          return true;
        });
  }

  /** Rules a new ban of the jail on that host's word alone, and counts it where it reaches all. */
  Answer ask(InForce inForce, Policy policy, String host, Instant append) {
    Guard guard = policy.guard();
    if (guard.confirm()) {
      held(host, false);
      return Answer.HOST;
    }
    int share = share(guard, inForce.partitions());
    SpokenBans known = byHost.get(host);
    int counted = known == null ? 0 : known.count(append.minus(guard.time()), append);
    if (guard.bans() == 0 || counted < share) {
      reached(inForce, host, append);
      return Answer.FLEET;
    }
    return held(host, true)
        ? new Answer(true, Optional.of(Trip.share(host, counted, share, guard.time())))
        : Answer.HOST;
  }

  /** A ban on that host's word alone has reached the others. */
  void reached(InForce inForce, String host, Instant append) {
    SpokenBans bans = byHost.computeIfAbsent(host, h -> new SpokenBans());
    int most = SpokenBans.LEAST_KEPT;
    Duration longest = Duration.ZERO;
    for (Policy policy : inForce.policies().values()) {
      Guard guard = policy.guard();
      most = Math.max(most, share(guard, inForce.partitions()));
      longest = longest.compareTo(guard.time()) < 0 ? guard.time() : longest;
    }
    bans.forget(append.minus(longest));
    bans.add(append, most);
    bans.held(false);
    changed.add(host);
  }

  private static int share(Guard guard, int partitions) {
    return (int) Math.max(LEAST_SHARE, 2L * guard.bans() / partitions);
  }

  /**
   * @return whether that is new
   */
  private boolean held(String host, boolean now) {
    SpokenBans bans = byHost.get(host);
    if (bans == null || !bans.held(now)) {
      return false;
    }
    changed.add(host);
    return true;
  }

  /** Writes what changed since it was last called. */
  void save() {
    for (String host : changed) {
      store.put(host, byHost.get(host).encode());
    }
    changed.clear();
  }

  /** Drops what no {@code guard.time} reaches back to; changes nothing that {@link #ask} says. */
  void forget(Instant append) {
    Instant tooOld = append.minus(Guard.LONGEST);
    byHost
        .entrySet()
        .removeIf(
            e -> {
              boolean gone = !changed.contains(e.getKey()) && e.getValue().isBefore(tooOld);
              if (gone) {
                store.delete(e.getKey());
              }
              return gone;
            });
  }
}
