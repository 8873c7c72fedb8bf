package io.banstream.enforcer;

import io.banstream.enforcer.NeverBanned.Exempt;
import io.banstream.jails.Enforcement.Closure;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the firewall as the table says: each change at once, the whole of it where one failed, and
 * a look now and then. Knows no Kafka. Not thread-safe, but for {@link #wrong}.
 */
final class Keeper {
  private static final Logger LOG = LoggerFactory.getLogger(Keeper.class);

  private final Firewall firewall;
  private final Optional<Standing> standing;
  private final Cutter cutter;
  private final Tally tally = new Tally();
  private final Pace retry = Pace.backingOff(Duration.ofMillis(250), Duration.ofSeconds(15));
  private Table table;
  private List<Exempt> exempt = List.of();
  private NeverBanned never;
  private Desired desired;
  private Optional<Actions> actions = Optional.empty();
  private boolean installed;
  private boolean stale;
  private boolean due = true;
  private volatile Optional<String> wrong = Optional.empty();

  /**
   * @param table as the enforcer before this one left it
   * @param witnesses those who hear of bans in the kernel
   * @param cutter hears of bans in the kernel whose jail cuts
   */
  Keeper(
      Firewall firewall,
      Table table,
      List<Exempt> exempt,
      List<BanWitness> witnesses,
      Cutter cutter,
      Instant now) {
    this.firewall = firewall;
    this.table = table;
    this.exempt = exempt;
    this.cutter = cutter;
    this.never = NeverBanned.of(exempt, table, now);
    this.desired = Desired.of(table, never, now);
    this.standing =
        witnesses.isEmpty()
            ? Optional.empty()
            : Optional.of(new Standing(witnesses, desired.bans()));
    tally.touch(table.jails().keySet());
  }

  /** Goes by another table from now on. */
  void serve(Table next, Instant now) {
    tally.touch(table.jails().keySet());
    table = next;
    tally.touch(table.jails().keySet());
    recompute(now);
    due = true;
    stale = true;
    retry.reset();
  }

  Table table() {
    return table;
  }

  /** Has jails' actions carried out from the next {@link #serve} on: its table knows them. */
  void carryOutBy(Actions carrier) {
    actions = Optional.of(carrier);
  }

  private Optional<ActionBan> acting(Entry entry) {
    return desired.acting().containsKey(entry) ? table.told(entry) : Optional.empty();
  }

  private void tellActions() {
    if (actions.isPresent()) {
      Map<Entry, ActionBan> bans = new HashMap<>();
      desired
          .acting()
          .keySet()
          .forEach(entry -> acting(entry).ifPresent(ban -> bans.put(entry, ban)));
      actions.get().want(table.actions(), bans);
    }
  }

  /** Takes what records changed in the table. */
  void take(Touched touched, Instant now) {
    if (touched.changedJails()) {
      serve(table, now);
    } else if (touched.changedExempt()) {
      changeNever(now);
    }
    List<Change> changes = new ArrayList<>();
    for (Entry entry : touched.entries()) {
      desired.refresh(entry, table, never, now).ifPresent(changes::add);
      actions.ifPresent(a -> a.want(entry, acting(entry)));
      tally.touch(Set.of(entry.jail()));
    }
    apply(changes, now);
  }

  /** Takes what the host's surroundings are now. */
  void surroundings(List<Exempt> current, Instant now) {
    if (!current.equals(exempt)) {
      exempt = current;
      changeNever(now);
    }
  }

  private void changeNever(Instant now) {
    Map<Entry, Instant> before = desired.bans();
    NeverBanned then = never;
    recompute(now);
    if (!never.equals(then)) {
      tally.touch(desired.doors().keySet());
      apply(Difference.between(desired.bans(), before, now), now);
    }
  }

  private void recompute(Instant now) {
    never = NeverBanned.of(exempt, table, now);
    desired = Desired.of(table, never, now);
    tellActions();
  }

  private void apply(List<Change> changes, Instant now) {
    if (changes.isEmpty() || !installed) {
      return; // The first restore brings them all.
    }
    if (stale) {
      restore(now); // A jail's sets may not be there yet; it brings the changes as well.
      if (!stale) {
        return;
      }
    }
    try {
      Outcome outcome = firewall.apply(changes, now);
      tally.add(outcome);
      standing.ifPresent(s -> s.applied(changes, outcome.applied(), now));
      cut(outcome.applied(), now);
      tellRefusals(outcome);
    } catch (FirewallException e) {
      Set<String> jails = new LinkedHashSet<>();
      changes.forEach(c -> jails.add(c.entry().jail()));
      fail(jails, e);
    }
  }

  /** Brings the whole of it, if that is due. */
  void restore(Instant now) {
    if (!due || !retry.due()) {
      return;
    }
    try {
      standing.filter(s -> !installed).ifPresent(s -> s.found(held(now)));
      Outcome outcome = firewall.install(desired, now);
      standing.ifPresent(s -> s.read(held(now), desired.bans(), now));
      cut(desired.bans().keySet(), now);
      due = false;
      installed = true;
      stale = false;
      tally.add(outcome);
      if (outcome.refusals().isEmpty()) {
        tell(Optional.empty());
        retry.reset();
      }
      tellRefusals(outcome);
    } catch (FirewallException e) {
      fail(desired.doors().keySet(), e);
    }
  }

  private void cut(Collection<Entry> entries, Instant now) {
    Set<String> cutting = table.cutting();
    if (!cutting.isEmpty()) {
      List<Entry> banned =
          entries.stream()
              .filter(e -> cutting.contains(e.jail()))
              .filter(e -> desired.bans().getOrDefault(e, now).isAfter(now))
              .toList();
      if (!banned.isEmpty()) {
        SortedMap<String, List<Closure>> doors = new TreeMap<>(desired.doors());
        doors.keySet().retainAll(cutting);
        cutter.banned(banned, doors);
      }
    }
  }

  private Map<Entry, Instant> held(Instant now) {
    return firewall.read(now).entries(desired.doors().keySet());
  }

  private void tellRefusals(Outcome outcome) {
    if (!outcome.refusals().isEmpty()) {
      Outcome.Refusal first = outcome.refusals().get(0);
      due = true;
      tell(Optional.of((first.jail().isEmpty() ? "" : first.jail() + ": ") + first.words()));
    }
  }

  private void fail(Set<String> jails, FirewallException e) {
    due = true;
    tally.fail(jails, e.getMessage());
    tell(Optional.of(e.getMessage()));
  }

  private void tell(Optional<String> now) {
    if (!now.equals(wrong)) {
      now.ifPresentOrElse(
          words -> LOG.error("the firewall is not as it should be: {}", words),
          () -> LOG.info("the firewall is as it should be again"));
      wrong = now;
    }
  }

  /** What makes anew, before an enforcer runs, what the kernel is to hold. */
  Optional<BootFile.Script> atBoot(Instant now) {
    return installed ? firewall.atBoot(desired, now) : Optional.empty();
  }

  /** Leaves out what is over by now. */
  void expire(Instant now) {
    Set<String> over = desired.expire(now);
    if (!over.isEmpty()) {
      tally.touch(over);
      tellActions();
    }
    standing.ifPresent(s -> s.expire(desired.bans(), now));
  }

  /** Compares everything with the kernel; what others changed is put right. */
  void compare(Instant now) {
    table.forget(now);
    recompute(now);
    if (!installed) {
      return;
    }
    try {
      if (!due && !firewall.rulesStand()) {
        putUpAgain();
        return;
      }
      Kernel kernel = firewall.read(now);
      Set<String> jails = desired.doors().keySet();
      if (!due && !kernel.foreign(jails, firewall.families()).isEmpty()) {
        putUpAgain();
        return;
      }
      Map<Entry, Instant> held = kernel.entries(jails);
      List<Change> changes = Difference.between(desired.bans(), held, now);
      if (!due) {
        tellDrift(changes, held, now);
      }
      apply(changes, now);
    } catch (FirewallException e) {
      fail(desired.doors().keySet(), e);
    }
  }

  /** Sees at once, and cheaply, what a reload of others takes away. */
  void glance() {
    if (!installed || due) {
      return;
    }
    try {
      if (firewall.rulesAreGone()) {
        putUpAgain();
      }
    } catch (FirewallException e) {
      fail(Set.of(), e);
    }
  }

  private void putUpAgain() {
    LOG.warn("our rules or sets were changed by others: put up again");
    due = true;
    retry.reset();
  }

  private void tellDrift(List<Change> changes, Map<Entry, Instant> held, Instant now) {
    List<Change> drift =
        changes.stream().filter(c -> Difference.isDrift(c, held.get(c.entry()), now)).toList();
    if (!drift.isEmpty()) {
      LOG.warn(
          "entries were changed by others: {} put right, {} first", drift.size(), drift.get(0));
      drift.forEach(change -> tally.mended(change.entry().jail()));
    }
  }

  /** What there is to tell of the jails since the last call. */
  List<JailState> news() {
    return tally.news(desired, table.positions());
  }

  /** Whether the kernel has the rules and entries of the table served, but for refusals. */
  boolean isInstalled() {
    return installed && !stale;
  }

  /** What is wrong with the firewall now. */
  Optional<String> wrong() {
    return wrong;
  }
}
