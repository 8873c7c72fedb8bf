package io.banstream.processor;

import io.banstream.jails.Policy;
import io.banstream.jails.Policy.Scope;
import io.banstream.schemas.DecisionKey;
import java.time.Duration;
import java.time.Instant;

/**
 * Rule 14: what a login that succeeded does to its address. Its time is remembered, over all jails;
 * with {@code forgive} the failures until then leave the jail's windows. It lifts no ban.
 */
final class SuccessRules {
  /** An address is told of once within so much of its bans' own time. */
  static final Duration BETWEEN_ALERTS = Duration.ofDays(1);

  private SuccessRules() {}

  /**
   * @param policy the jail's
   */
  static AddressState take(
      AddressState state, String jail, Policy policy, String host, Instant time, Instant append) {
    AddressState known = state.with(Success.newest(state.success(), time, append));
    if (!policy.trust().forgive()) {
      return known;
    }
    String reach = policy.scope() == Scope.FLEET ? DecisionKey.FLEET : host;
    return known
        .window(new JailReach(jail, reach))
        .map(window -> known.with(window.without(f -> !f.time().isAfter(time))))
        .orElse(known);
  }

  /** Whether a ban of the fleet that begins at {@code from} reaches one host only. */
  static boolean limits(AddressState state, Policy policy, Instant from) {
    return state.success().map(s -> s.isKnown(from, policy.trust().known())).orElse(false);
  }

  /** Whether such a ban is to be told of: not where the address had a limited one lately. */
  static boolean isNews(AddressState state, Instant from) {
    Instant lately = from.minus(BETWEEN_ALERTS);
    return state.bans().stream().noneMatch(b -> b.limited() && b.from().isAfter(lately));
  }
}
