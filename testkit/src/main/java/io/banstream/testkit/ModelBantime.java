package io.banstream.testkit;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Rule 7: how long a ban lasts, as fail2ban's {@code observer.py} (incrBanTime) and {@code jail.py}
 * (setBanTimeExtra) have it.
 */
final class ModelBantime {
  private ModelBantime() {}

  /**
   * @param earlier how many bans are remembered
   */
  static Optional<Instant> until(ModelPolicy policy, String address, Instant from, int earlier) {
    if (policy.bantime().isEmpty()) {
      return Optional.empty();
    }
    long bantime = policy.bantime().get().toMillis();
    ModelPolicy.Increment family = policy.increment();
    if (!family.enabled() || earlier == 0) {
      return Optional.of(from.plusMillis(bantime));
    }
    long longer = multiplied(bantime, family, earlier);
    long capped = Math.min(longer, family.maxtime().map(Duration::toMillis).orElse(longer));
    return Optional.of(
        from.plusMillis(capped + draw(policy.jail(), address, from, family.rndtime())));
  }

  private static long multiplied(long bantime, ModelPolicy.Increment family, int earlier) {
    double base = bantime * family.factor();
    List<Double> multipliers = family.multipliers();
    if (multipliers.isEmpty()) {
      return Math.max(bantime, Math.round(base * Math.pow(2, Math.min(earlier, 20))));
    }
    return Math.round(base * multipliers.get(Math.min(earlier, multipliers.size() - 1)));
  }

  private static long draw(String jail, String address, Instant from, Duration rndtime) {
    String text = jail + " " + address + " " + from.toEpochMilli();
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      BigInteger number = new BigInteger(1, Arrays.copyOf(hash, Long.BYTES));
      return number.mod(BigInteger.valueOf(rndtime.toMillis() + 1)).longValueExact();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
