package io.banstream.processor;

import io.banstream.jails.Policy;
import io.banstream.schemas.Address;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;

/**
 * What earlier bans mean for a new one. A ban is remembered while the new one's begin is at most
 * its end plus the deciding jail's dbpurgeage; of one jail and reach at most the newest {@value
 * #MOST} are, so that nobody's history grows without end.
 */
final class History {
  static final int MOST = 100;

  private History() {}

  /** The how-manieth ban of that jail and reach one from {@code from} on is. */
  static int nth(AddressState state, JailReach key, Duration memory, Instant from) {
    return 1 + count(state, b -> b.key().equals(key), memory, from);
  }

  /** When a ban ends that a full window makes. */
  static Instant until(
      AddressState state, Address address, JailReach key, Policy policy, Instant from) {
    Predicate<Ban> counted =
        policy.increment().overalljails() ? b -> true : b -> b.key().equals(key);
    int count = count(state, counted, policy.dbpurgeage(), from);
    return BanTime.until(policy, count, key.jail(), address, from);
  }

  private static int count(
      AddressState state, Predicate<Ban> counted, Duration memory, Instant from) {
    return (int)
        state.bans().stream().filter(counted).filter(b -> b.countsAt(from, memory)).count();
  }
}
