package io.banstream.testkit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Rule 11's count: how many addresses each host has banned on the others by its word alone. It
 * forgets nothing: another implementation may forget what every guard.time in force is past, so
 * where the longest of them grows later, the two may count differently.
 *
 * <p>Where the design leaves a choice, this is what holds here:
 *
 * <ul>
 *   <li>A ban of recidive comes after the ban that it counts, of the same record: that one is
 *       remembered before it.
 *   <li>{@code guard.bans} = 0 leaves {@code guard.confirm} alone; its bans are remembered, as
 *       those of any jail.
 *   <li>What is remembered stays so when the ban is lifted or its jail withdrawn.
 *   <li>An alert asks whether the host's ban before was held by the share. One that reached the
 *       fleet was not, an imported one that did among them, nor was one held by {@code
 *       guard.confirm}; a ban of recidive that only follows limited ones is not asked, and changes
 *       nothing.
 *   <li>With {@code guard.confirm} a ban is held by that, so past the share there is no alert
 *       either.
 * </ul>
 */
final class ModelGuard {
  private static final long LEAST_SHARE = 20;

  private final Map<String, List<Instant>> reached = new HashMap<>(); // append times, by host
  private final Set<String> past = new HashSet<>(); // whose last ban was held by the share
  private final Map<String, Instant> told = new HashMap<>();
  private final List<BanModel.Alert> alerts = new ArrayList<>();
  private int partitions = 1;

  /** Takes over how many tasks share the limit. */
  void share(int partitions) {
    this.partitions = partitions;
  }

  /** Whether a new ban on that host's word alone stays there; remembers one that does not. */
  boolean limits(ModelPolicy policy, String host, Instant appended) {
    ModelPolicy.Guard guard = policy.guard();
    if (guard.confirm()) {
      past.remove(host);
      return true;
    }
    Instant tooOld = appended.minus(guard.time());
    long n =
        reached.getOrDefault(host, List.of()).stream()
            .filter(a -> a.isAfter(tooOld) && !a.isAfter(appended))
            .count();
    long share = Math.max(LEAST_SHARE, 2L * guard.bans() / partitions);
    if (guard.bans() == 0 || n < share) {
      reachedFleet(host, appended);
      return false;
    }
    if (past.add(host)) {
      alerts.add(new BanModel.Alert("guard.bans", host, policy.jail()));
    }
    return true;
  }

  void reachedFleet(String host, Instant appended) {
    reached.computeIfAbsent(host, h -> new ArrayList<>()).add(appended);
    past.remove(host);
  }

  /** Whether that was not told of for so long; it is now. */
  boolean isNews(String what, Instant appended, Duration again) {
    Instant last = told.get(what);
    boolean news = last == null || !appended.isBefore(last.plus(again));
    if (news) {
      told.put(what, appended);
    }
    return news;
  }

  void tell(BanModel.Alert alert) {
    alerts.add(alert);
  }

  List<BanModel.Alert> alerts() {
    return List.copyOf(alerts);
  }
}
