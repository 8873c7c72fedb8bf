package io.banstream.console;

import io.banstream.schemas.Address;
import io.banstream.schemas.Alert;
import io.banstream.schemas.AllowRecord;
import io.banstream.schemas.DeadLetter;
import io.banstream.schemas.Decision;
import io.banstream.schemas.DecisionKey;
import io.banstream.schemas.Enforcement;
import io.banstream.schemas.Evidence;
import io.banstream.schemas.Heartbeat;
import io.banstream.schemas.JailRecord;
import io.banstream.schemas.Key;
import io.banstream.schemas.Totals;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The fleet as its topics show it. Records go in by the {@code put} methods, a null value is a
 * tombstone; questions are asked with the time that is to be now. Answers are copies. Safe for use
 * by several threads.
 */
final class View {
  private static final long EVIDENCE_CHARACTERS = 12_000_000;
  private static final int DEAD_LETTERS_SHOWN = 20;

  private final Decisions decisions = new Decisions();
  private final EvidenceLog evidence = new EvidenceLog(EVIDENCE_CHARACTERS);
  private final Map<String, Totals> totals = new HashMap<>();
  private final FailureRate rate = new FailureRate();
  private final SortedMap<String, JailRecord> jails = new TreeMap<>();
  private final SortedMap<String, HostBeat> hosts = new TreeMap<>();
  private final SortedMap<String, Enforcement> enforcements = new TreeMap<>();
  private final SortedMap<String, AllowRecord> allows = new TreeMap<>();
  private final GuardLog guards = new GuardLog();
  private final Deque<DeadLetter> deadLetters = new ArrayDeque<>();
  private long deadLettersInAll;

  /**
   * @return the decision that stood before; empty: none did
   */
  synchronized Optional<Decision> putDecision(DecisionKey key, Decision decision) {
    if (decision == null) {
      decisions.remove(key);
      return Optional.empty();
    }
    return Optional.ofNullable(decisions.put(key, decision));
  }

  synchronized void putEvidence(Evidence e) {
    evidence.add(e);
  }

  /**
   * @param live the record is news, not the catching up at start: its growth counts for the rate
   */
  synchronized void putTotals(String key, Totals t, boolean live, Instant now) {
    Totals before = put(totals, key, t);
    if (live && t != null && t.getHost().equals(DecisionKey.FLEET)) {
      long grown = t.getFailed() - (before == null ? 0 : before.getFailed());
      rate.add(Math.max(0, grown), now);
    }
  }

  synchronized void putJail(String key, JailRecord jail) {
    put(jails, key, jail);
  }

  synchronized void putHost(String key, Heartbeat beat, Instant appended) {
    put(hosts, key, beat == null ? null : new HostBeat(beat, appended));
  }

  synchronized void putEnforcement(String key, Enforcement enforcement) {
    put(enforcements, key, enforcement);
  }

  synchronized void putAllow(String key, AllowRecord allow) {
    put(allows, key, allow);
  }

  /**
   * @return the guard's trip where it is a new one
   */
  synchronized Optional<GuardTrip> putAlert(Alert alert) {
    return guards.add(alert);
  }

  /** Guards that tripped after {@code since}, newest first. */
  synchronized List<GuardTrip> guardTrips(Instant since) {
    return guards.since(since);
  }

  /**
   * @param inAll how many the topic holds, this one included
   */
  synchronized void putDeadLetter(DeadLetter letter, long inAll) {
    deadLettersInAll = inAll;
    deadLetters.addLast(letter);
    if (deadLetters.size() > DEAD_LETTERS_SHOWN) {
      deadLetters.removeFirst();
    }
  }

  private static <T> T put(Map<String, T> map, String key, T value) {
    return value == null ? map.remove(key) : map.put(key, value);
  }

  /** Bans in force, newest first. */
  synchronized List<Decision> bans(Instant now, Predicate<Decision> which) {
    return decisions
        .inForce(now)
        .filter(which)
        .sorted(Comparator.comparing(Decision::getFrom).reversed())
        .toList();
  }

  /** How many bans are in force, by jail. */
  synchronized SortedMap<String, Long> banned(Instant now, Predicate<Decision> which) {
    SortedMap<String, Long> byJail = new TreeMap<>();
    decisions.inForce(now).filter(which).forEach(d -> byJail.merge(d.getJail(), 1L, Long::sum));
    return byJail;
  }

  /** The newest bans, over ones and lifted ones among them. */
  synchronized List<Decision> newestDecisions(int most) {
    return decisions.all().stream()
        .sorted(Comparator.comparing(Decision::getFrom).reversed())
        .limit(most)
        .toList();
  }

  /** What an unban may have to name: addresses and networks that are banned now. */
  synchronized List<Address> bannedAddresses(Address target, Optional<String> jail, Instant now) {
    return decisions.about(target).stream()
        .filter(d -> Decisions.inForce(d, now))
        .filter(d -> jail.map(d.getJail()::equals).orElse(true))
        .map(d -> Address.parse(d.getAddress()))
        .distinct()
        .toList();
  }

  synchronized List<Decision> decisionsAbout(Address address) {
    return decisions.about(address);
  }

  synchronized List<Evidence> evidenceAbout(Address address) {
    return evidence.about(address);
  }

  synchronized Optional<Evidence> evidenceOf(DecisionKey key, Instant from) {
    return evidence.of(key, from);
  }

  /** The addresses banned most often in the weeks that evidence is kept for: twice at least. */
  synchronized List<Offender> offenders(int most, Instant now) {
    return evidence.byAddress().entrySet().stream()
        .filter(e -> e.getValue().size() > 1)
        .map(e -> Offender.of(e.getKey(), e.getValue(), isBanned(e.getKey(), now)))
        .filter(o -> o.bans() > 1)
        .sorted(Comparator.comparingInt(Offender::bans).thenComparing(Offender::newest).reversed())
        .limit(most)
        .toList();
  }

  private boolean isBanned(Address address, Instant now) {
    return decisions.about(address).stream().anyMatch(d -> Decisions.inForce(d, now));
  }

  /**
   * @param host {@link DecisionKey#FLEET}: the whole fleet's
   */
  synchronized Figures figures(String jail, String host, Instant now) {
    Figures sum = Figures.NONE;
    for (Totals t : totals.values()) {
      if (t.getJail().equals(jail) && t.getHost().equals(host)) {
        sum = sum.plus(t, now);
      }
    }
    return sum;
  }

  synchronized long[] failuresPerSecond(int seconds, Instant now) {
    return rate.last(seconds, now);
  }

  /** A jail as each group has it. */
  synchronized List<JailRecord> jailOfGroups(String name) {
    return jails.values().stream().filter(j -> j.getJail().equals(name)).toList();
  }

  /** Every group's records of the topic {@code jails}. */
  synchronized List<JailRecord> jails() {
    return List.copyOf(jails.values());
  }

  /** Names of the jails that are in force, and of those whose bans still are. */
  synchronized SortedSet<String> jailNames(Instant now) {
    SortedSet<String> names = new TreeSet<>();
    jails.values().forEach(r -> names.add(r.getJail()));
    decisions.inForce(now).forEach(d -> names.add(d.getJail()));
    return names;
  }

  synchronized Set<Integer> ipv6prefixes() {
    Set<Integer> prefixes = new TreeSet<>();
    jails.values().forEach(r -> prefixes.add(r.getPolicy().getIpv6prefix()));
    return prefixes;
  }

  synchronized Collection<HostBeat> beats() {
    return List.copyOf(hosts.values());
  }

  synchronized List<Enforcement> enforcements() {
    return List.copyOf(enforcements.values());
  }

  /** Names of the hosts that were heard of. */
  synchronized SortedSet<String> hostNames() {
    SortedSet<String> names = new TreeSet<>();
    hosts.keySet().forEach(key -> names.add(Key.parts(key).get(0)));
    enforcements.keySet().forEach(key -> names.add(Key.parts(key).get(0)));
    return names;
  }

  /** The allows that hold now. */
  synchronized List<AllowRecord> allows(Instant now) {
    return allows.values().stream()
        .filter(a -> a.getUntil() == null || a.getUntil().isAfter(now))
        .toList();
  }

  /** The allows that cover an address or network now. */
  Stream<AllowRecord> allowsOf(Address address, Instant now) {
    return allows(now).stream()
        .filter(a -> a.getAddresses().stream().anyMatch(n -> Address.parse(n).contains(address)));
  }

  /** Allows in it, too: such a network is not banned for its other addresses. */
  Stream<AllowRecord> allowsAbout(Address network, Instant now) {
    return allows(now).stream()
        .filter(a -> a.getAddresses().stream().map(Address::parse).anyMatch(network::overlaps));
  }

  synchronized long deadLettersInAll() {
    return deadLettersInAll;
  }

  /** The newest, oldest first. */
  synchronized List<DeadLetter> deadLetters() {
    return List.copyOf(deadLetters);
  }
}
