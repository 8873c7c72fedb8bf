package io.banstream.processor;

import io.banstream.schemas.DecisionKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What an operator's word, an allow or a withdrawn jail does to an address: the design's rule 10.
 *
 * <p>An unban ends each ban of the jails it names that holds at its time, and clears their windows.
 * Without {@code keepHistory} the bans that it ended are also taken out of recidive's window and
 * count no more for the next ban's number and length; bans that were over before stay history. A
 * window of bans is recidive's: it is history, and cleared only by an unban that names its jail. An
 * allow ends bans, no more, those among them of a network around it that was banned for its other
 * addresses. A withdrawn jail's bans end, no more.
 */
final class OrderRules {
  private OrderRules() {}

  /**
   * @param state the address's state afterwards
   * @param lifted the bans that were ended, by jail and reach
   */
  record Lifted(AddressState state, List<Ban> lifted) {}

  /** An operator's ban: for the whole fleet, no failure of recidive. */
  static AddressState ban(
      AddressState state,
      InForce inForce,
      String jail,
      Instant from,
      Instant until,
      Instant append) {
    JailReach key = JailReach.fleet(jail);
    int nth = History.nth(state, key, inForce.memory(jail), from);
    return state.with(Ban.decided(key, from, until, nth, false, append));
  }

  /**
   * @param jail empty: every jail's
   */
  static Lifted unban(
      AddressState state, Optional<String> jail, boolean keepHistory, Instant at, Instant append) {
    Predicate<String> named = name -> jail.isEmpty() || jail.get().equals(name);
    Predicate<Window> windows = w -> jail.isEmpty() ? !w.holdsBans() : named.test(w.key().jail());
    Lifted lifted = lift(state, ban -> named.test(ban.jail()), keepHistory, at, append);
    AddressState cleared = clear(lifted.state(), windows);
    return new Lifted(keepHistory ? cleared : forget(cleared, lifted.lifted()), lifted.lifted());
  }

  static Lifted allow(AddressState state, Instant at, Instant append) {
    return lift(state, ban -> true, true, at, append);
  }

  /** Of a network that holds what is allowed: an operator's ban of it stays. */
  static Lifted allowWithin(AddressState state, Instant at, Instant append) {
    return lift(state, Ban::network, true, at, append);
  }

  /** Ends the bans of every jail that has no policy. */
  static Lifted withdraw(AddressState state, InForce inForce, Instant at, Instant append) {
    Predicate<Ban> gone =
        ban -> !ban.jail().equals(DecisionKey.MANUAL) && inForce.policy(ban.jail()).isEmpty();
    return lift(state, gone, true, at, append);
  }

  private static Lifted lift(
      AddressState state, Predicate<Ban> meant, boolean keepHistory, Instant at, Instant append) {
    List<Ban> lifted = new ArrayList<>();
    List<Ban> last = state.lastBans();
    AddressState after =
        state.withBans(
            ban -> {
              // Only the last ban of a jail and reach holds: a newer one has taken its place.
              if (!meant.test(ban) || ban.ended() || !ban.holds(at) || !isLast(last, ban)) {
                return ban;
              }
              Ban ended = ban.lifted(at, keepHistory, append);
              lifted.add(ended);
              return ended;
            });
    lifted.sort(Comparator.comparing(Ban::key));
    return new Lifted(after, lifted);
  }

  private static boolean isLast(List<Ban> last, Ban ban) {
    return last.stream().anyMatch(b -> b == ban);
  }

  private static AddressState clear(AddressState state, Predicate<Window> meant) {
    return state.withWindows(w -> meant.test(w) ? w.cleared() : w);
  }

  /**
   * Takes bans out of recidive's windows. Where a window does not know which ones it holds: of such
   * as began at the same time the one that came last, for only that one can have held.
   */
  private static AddressState forget(AddressState state, List<Ban> lifted) {
    AddressState after = state;
    for (Ban ban : lifted) {
      after = after.withWindows(w -> w.withoutLast(f -> isOf(f, ban)));
    }
    return after;
  }

  private static boolean isOf(Failure failure, Ban ban) {
    return failure.origin() instanceof Failure.Banned banned
        && new JailReach(banned.jail(), banned.reach()).equals(ban.key())
        && (banned.number() == ban.number() || banned.number() == 0)
        && failure.time().equals(ban.from());
  }
}
