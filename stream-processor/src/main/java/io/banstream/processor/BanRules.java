package io.banstream.processor;

import io.banstream.jails.Jail;
import io.banstream.jails.Policy;
import io.banstream.jails.Policy.Scope;
import io.banstream.schemas.Address;
import io.banstream.schemas.DecisionKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a failure does to its address: the design's rules 2 to 7. A ban it makes is a failure of
 * recidive in turn, by the same rules.
 */
final class BanRules {
  private BanRules() {}

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
   * @param evidence the failures behind that ban, oldest first; empty without one
   */
  record Ruling(
      String jail, Failure failure, Fate fate, Optional<Ban> ban, List<Failure> evidence) {
    /** The hosts whose failures are behind the ban, sorted, each once. */
    List<String> hosts() {
      if (fate == Fate.IMPORTED) {
        return List.of(failure.host());
      }
      return evidence.stream().map(Failure::host).distinct().sorted().toList();
    }
  }

  /**
   * @param state the address's state afterwards
   * @param rulings one; two where it made a ban and recidive is enabled
   */
  record Ruled(AddressState state, List<Ruling> rulings) {}

  /**
   * @param counted the address as it is counted, whose state it is
   * @param client the address in full
   * @param append the record's append time; a ban's decision is kept by it
   * @throws IllegalArgumentException if the jail has no policy
   */
  static Ruled rule(
      AddressState state,
      InForce inForce,
      String jail,
      Address counted,
      Address client,
      Failure failure,
      Instant append) {
    Policy policy = policy(inForce, jail);
    if (inForce.ignores(policy, client, failure.time())) {
      return only(state, jail, failure, Fate.IGNORED);
    }
    JailReach key = key(jail, policy, failure.host());
    if (state.banned(key, failure.time())) {
      return only(state, jail, failure, Fate.LATE);
    }
    Optional<Window> before = state.window(key);
    if (Window.tooLate(before, failure.time(), policy.findtime())) {
      return only(state, jail, failure, Fate.LATE);
    }
    Window window = Window.join(key, before, failure, policy.findtime(), append);
    if (window.failures().size() < policy.maxretry()) {
      return only(state.with(window), jail, failure, Fate.COUNTED);
    }
    Instant from = window.newest();
    Instant until = History.until(state, counted, key, policy, from);
    int nth = History.nth(state, key, policy.dbpurgeage(), from);
    Ban ban = Ban.decided(key, from, until, nth, append);
    Ruling ruling = new Ruling(jail, failure, Fate.COUNTED, Optional.of(ban), window.failures());
    AddressState after = state.with(window.cleared()).with(ban);
    return recidive(after, inForce, counted, ruling, append);
  }

  /**
   * A ban that another system decided, by rules 2, 3 and 6: not of an address that is never
   * counted, nor within a ban that is known already, so an import can be repeated.
   *
   * @param host on which it was decided
   * @throws IllegalArgumentException if the jail has no policy
   */
  static Ruled imported(
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
    Failure behind = new Failure(from, host, new Failure.Banned(jail, key.reach()));
    if (inForce.ignores(policy, address, from)) {
      return only(state, jail, behind, Fate.IGNORED);
    }
    if (state.banned(key, from)) {
      return only(state, jail, behind, Fate.LATE);
    }
    int nth = History.nth(state, key, policy.dbpurgeage(), from);
    Ban ban = Ban.decided(key, from, until, nth, append);
    Ruling ruling = new Ruling(jail, behind, Fate.IMPORTED, Optional.of(ban), List.of());
    AddressState cleared =
        state.window(key).map(window -> state.with(window.cleared())).orElse(state);
    return recidive(cleared.with(ban), inForce, address, ruling, append);
  }

  private static Policy policy(InForce inForce, String jail) {
    return inForce
        .policy(jail)
        .orElseThrow(() -> new IllegalArgumentException("no policy for jail " + jail));
  }

  private static JailReach key(String jail, Policy policy, String host) {
    return new JailReach(jail, policy.scope() == Scope.FLEET ? DecisionKey.FLEET : host);
  }

  /** The second pass. Recidive's own bans and an operator's never come here. */
  private static Ruled recidive(
      AddressState state, InForce inForce, Address counted, Ruling ruling, Instant append) {
    boolean counts = !ruling.jail().equals(Jail.RECIDIVE);
    if (!counts || inForce.policy(Jail.RECIDIVE).isEmpty()) {
      return new Ruled(state, List.of(ruling));
    }
    Ban ban = ruling.ban().orElseThrow();
    Failure failure =
        new Failure(
            ban.from(), ruling.failure().host(), new Failure.Banned(ban.jail(), ban.reach()));
    Ruled second = rule(state, inForce, Jail.RECIDIVE, counted, counted, failure, append);
    List<Ruling> both = new ArrayList<>();
    both.add(ruling);
    both.addAll(second.rulings());
    return new Ruled(second.state(), both);
  }

  private static Ruled only(AddressState state, String jail, Failure failure, Fate fate) {
    return new Ruled(state, List.of(new Ruling(jail, failure, fate, Optional.empty(), List.of())));
  }
}
