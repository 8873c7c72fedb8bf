package io.banstream.processor;

import io.banstream.jails.Policy;
import io.banstream.jails.Policy.Scope;
import io.banstream.processor.Window.Full;
import io.banstream.schemas.Address;
import io.banstream.schemas.Alerts;
import io.banstream.schemas.DecisionKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a failure does to its address: the design's rules 2 to 7, 11 and 14. A ban it makes is a
 * failure of recidive in turn, by the same rules.
 */
final class BanRules {
  private final GuardRule guard;
  private final ToldLately told;

  /**
   * @param guard remembers whose word banned how many, over all addresses
   */
  BanRules(GuardRule guard, ToldLately told) {
    this.guard = guard;
    this.told = told;
  }

  /** What became of a failure. */
  enum Fate {
    COUNTED,
    /** Of an address that is never counted. */
    IGNORED,
    /** No failure, but a ban that another system decided. */
    IMPORTED,
    /** Before the window's begin, or before the end of a ban. */
    LATE
  }

  /**
   * What one failure came to in one jail.
   *
   * @param ban the ban that it made
   * @param behind that ban; nothing without one
   * @param trip of the guard, which is to be told
   */
  record Ruling(
      String jail,
      Failure failure,
      Fate fate,
      Optional<Ban> ban,
      Full behind,
      Optional<GuardRule.Trip> trip) {
    List<Failure> evidence() {
      return behind.failures();
    }

    /** The hosts whose failures are behind the ban, sorted, each once. */
    List<String> hosts() {
      if (fate == Fate.IMPORTED) {
        return List.of(failure.host());
      }
      return evidence().stream().map(Failure::host).distinct().sorted().toList();
    }
  }

  /**
   * @param state the address's state afterwards
   * @param rulings the failure's own; then one of each jail that counts the ban it made
   */
  record Ruled(AddressState state, List<Ruling> rulings) {}

  /**
   * @param counted the address as it is counted, whose state it is
   * @param client the address in full
   * @param append the record's append time; a ban's decision is kept by it
   * @throws IllegalArgumentException if the jail has no policy
   */
  Ruled rule(
      AddressState state,
      InForce inForce,
      String jail,
      Address counted,
      Address client,
      Failure failure,
      Instant append) {
    Policy policy = policy(inForce, jail);
    Instant time = failure.time();
    if (inForce.ignores(policy, client, time)) {
      return only(state, jail, failure, Fate.IGNORED);
    }
    if (state.banned(jail, failure.host(), time)) {
      return only(state, jail, failure, Fate.LATE);
    }
    JailReach key = failure.isLimited() ? hosts(jail, failure) : key(jail, policy, failure.host());
    Optional<Window> before = state.window(key);
    if (Window.tooLate(before, time, policy)) {
      return only(state, jail, failure, Fate.LATE);
    }
    Window window = Window.join(key, before, failure, policy, append);
    boolean known = key.isFleets() && SuccessRules.limits(state, policy, time);
    List<Ban> confirmed =
        policy.guard().confirm() && key.isFleets() && !known
            ? state.limitedBans(jail, time)
            : List.of();
    Optional<Full> full = confirmed.isEmpty() ? window.full(failure, policy) : Optional.empty();
    if (confirmed.isEmpty() && full.isEmpty()) {
      return only(state.with(window), jail, failure, Fate.COUNTED);
    }
    AddressState cleared = state.with(window.cleared());
    Optional<Address> spared = policy.guard().sparing(counted);
    if (spared.isPresent()) {
      return spared(cleared, jail, failure, spared.get(), append);
    }
    return full.isPresent()
        ? ban(cleared, inForce, counted, failure, window, full.get(), append)
        : confirm(cleared, inForce, counted, failure, key, latest(confirmed), append);
  }

  /**
   * {@code guard.spare}: what would make a ban makes none. Of a network of it is told once a day.
   *
   * @param of which it is
   */
  private Ruled spared(
      AddressState cleared, String jail, Failure failure, Address of, Instant append) {
    boolean news = told.isNews(Alerts.SPARE, of.toString(), append, ToldLately.LONGEST);
    Optional<GuardRule.Trip> trip = news ? Optional.of(GuardRule.Trip.spare()) : Optional.empty();
    return new Ruled(
        cleared,
        List.of(new Ruling(jail, failure, Fate.COUNTED, Optional.empty(), Full.NONE, trip)));
  }

  /** Rule 4's ban of a full window. */
  private Ruled ban(
      AddressState state,
      InForce inForce,
      Address counted,
      Failure failure,
      Window window,
      Full full,
      Instant append) {
    String jail = window.key().jail();
    Policy policy = policy(inForce, jail);
    Optional<String> word = window.key().isFleets() ? full.speaker() : Optional.empty();
    Instant from = window.newest();
    Optional<GuardRule.Answer> answer =
        window.key().isFleets() && SuccessRules.limits(state, policy, from)
            ? Optional.of(known(state, failure.host(), from))
            : word.map(w -> guard.ask(inForce, policy, w, append));
    boolean limited = failure.isLimited() || answer.map(GuardRule.Answer::limited).orElse(false);
    JailReach key = limited ? hosts(jail, failure) : window.key();
    Instant until = History.until(state, counted, key, policy, from);
    int nth = History.nth(state, key, policy.dbpurgeage(), from);
    Ban ban = Ban.decided(key, from, until, nth, limited, append);
    Ruling ruling =
        new Ruling(
            jail,
            failure,
            Fate.COUNTED,
            Optional.of(ban),
            full,
            answer.flatMap(GuardRule.Answer::trip));
    return recidive(state.with(ban), inForce, counted, ruling, word, append);
  }

  /** Rule 14: the guard is not asked, and gives no share. */
  private static GuardRule.Answer known(AddressState state, String host, Instant from) {
    return new GuardRule.Answer(
        true,
        SuccessRules.isNews(state, from)
            ? Optional.of(GuardRule.Trip.known(host, SuccessRules.BETWEEN_ALERTS))
            : Optional.empty());
  }

  /** Rule 11: another host has seen the address, and what was limited is so no more. */
  private Ruled confirm(
      AddressState state,
      InForce inForce,
      Address counted,
      Failure failure,
      JailReach key,
      Instant until,
      Instant append) {
    Policy policy = policy(inForce, key.jail());
    int nth = History.nth(state, key, policy.dbpurgeage(), failure.time());
    Ban ban = Ban.decided(key, failure.time(), until, nth, false, append);
    Ruling ruling =
        new Ruling(
            key.jail(),
            failure,
            Fate.COUNTED,
            Optional.of(ban),
            new Full(List.of(failure), false),
            Optional.empty());
    return recidive(state.with(ban), inForce, counted, ruling, Optional.empty(), append);
  }

  private static Instant latest(List<Ban> bans) {
    return bans.stream().map(Ban::until).reduce(Ban::later).orElseThrow();
  }

  /**
   * A ban that another system decided, by rules 2, 3 and 6: not of an address that is never
   * counted, nor within a ban that is known already, so an import can be repeated. The guard counts
   * it for its host, and limits it never: an operator imports.
   *
   * @param host on which it was decided
   * @throws IllegalArgumentException if the jail has no policy
   */
  Ruled imported(
      AddressState state,
      InForce inForce,
      String jail,
      Address address,
      String host,
      Instant from,
      Instant until,
      Instant append) {
    Policy policy = policy(inForce, jail);
    JailReach key = key(jail, policy, host);
    Failure behind =
        new Failure(from, host, new Failure.Banned(jail, key.reach(), 0, Optional.of(host), false));
    if (inForce.ignores(policy, address, from)) {
      return only(state, jail, behind, Fate.IGNORED);
    }
    if (state.banned(jail, host, from)) {
      return only(state, jail, behind, Fate.LATE);
    }
    if (key.isFleets()) {
      guard.reached(inForce, host, append);
    }
    int nth = History.nth(state, key, policy.dbpurgeage(), from);
    Ban ban = Ban.decided(key, from, until, nth, false, append);
    Ruling ruling =
        new Ruling(jail, behind, Fate.IMPORTED, Optional.of(ban), Full.NONE, Optional.empty());
    AddressState cleared =
        state.window(key).map(window -> state.with(window.cleared())).orElse(state);
    return recidive(cleared.with(ban), inForce, address, ruling, Optional.of(host), append);
  }

  private static Policy policy(InForce inForce, String jail) {
    return inForce
        .policy(jail)
        .orElseThrow(() -> new IllegalArgumentException("no policy for jail " + jail));
  }

  private static JailReach key(String jail, Policy policy, String host) {
    return new JailReach(jail, policy.scope() == Scope.FLEET ? DecisionKey.FLEET : host);
  }

  private static JailReach hosts(String jail, Failure failure) {
    return new JailReach(jail, failure.host());
  }

  /**
   * The second pass: recidive, and each other jail that counts that jail's bans. Their own bans are
   * nobody's failures, and an operator's never come here.
   *
   * @param word the host on whose word alone the ban is, if on one's
   */
  private Ruled recidive(
      AddressState state,
      InForce inForce,
      Address counted,
      Ruling ruling,
      Optional<String> word,
      Instant append) {
    if (policy(inForce, ruling.jail()).bansOf().isPresent()) {
      return new Ruled(state, List.of(ruling));
    }
    Ban ban = ruling.ban().orElseThrow();
    Failure failure =
        new Failure(
            ban.from(),
            ruling.failure().host(),
            new Failure.Banned(ban.jail(), ban.reach(), state.numberOf(ban), word, ban.limited()));
    List<Ruling> all = new ArrayList<>();
    all.add(ruling);
    AddressState after = state;
    for (String jail : inForce.countingBansOf(ban.jail())) {
      Ruled second = rule(after, inForce, jail, counted, counted, failure, append);
      after = second.state();
      all.addAll(second.rulings());
    }
    return new Ruled(after, all);
  }

  private static Ruled only(AddressState state, String jail, Failure failure, Fate fate) {
    return new Ruled(
        state,
        List.of(new Ruling(jail, failure, fate, Optional.empty(), Full.NONE, Optional.empty())));
  }
}
