package io.banstream.testkit;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Rule 7: how long a ban lasts, as fail2ban's {@code observer.py} (incrBanTime) and {@code jail.py}
 * (setBanTimeExtra) have it.
 */
final class ModelBantime {
  /** One of fail2ban's formulas, in seconds; what Python raises is an ArithmeticException. */
  interface Formula {
    double seconds(double time, int count, double factor);
  }

  /**
   * The formulas that it knows, by Python's text: a model of the rules is none of Python's
   * language.
   */
  static final Map<String, Formula> FORMULAS =
      Map.of(
          "ban.Time * (1<<(ban.Count if ban.Count<20 else 20)) * banFactor",
          (time, count, factor) -> time * Math.pow(2, Math.min(count, 20)) * factor,
          "ban.Time * math.exp(float(ban.Count+1)*banFactor)/math.exp(1*banFactor)",
          (time, count, factor) ->
              time * StrictMath.exp((count + 1) * factor) / StrictMath.exp(factor),
          "ban.Time + 30 if ban.Count > 2 else 5",
          (time, count, factor) -> count > 2 ? time + 30 : 5,
          "ban.Time / (ban.Count - 2)",
          (time, count, factor) -> time / nonzero(count - 2),
          "ban.Time * 10.0 ** (4 * ban.Count)",
          (time, count, factor) -> time * StrictMath.pow(10, 4 * count),
          "math.nan if ban.Count == 1 else math.inf",
          (time, count, factor) -> count == 1 ? Double.NaN : Double.POSITIVE_INFINITY,
          "ban.Time % -4 // 3 + ban.Time + 7",
          (time, count, factor) -> Math.floorDiv(Math.floorMod((long) time, -4), 3) + time + 7,
          "ban.Time * banFactor / 7 * ban.Count",
          (time, count, factor) -> time * factor / 7 * count);

  /** Years of 365.25 days. */
  private static final Duration FOR_EVER = Duration.ofHours(1000 * 8766);

  private ModelBantime() {}

  private static int nonzero(int divisor) {
    if (divisor == 0) {
      throw new ArithmeticException("ZeroDivisionError");
    }
    return divisor;
  }

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
    if (capped > FOR_EVER.toMillis()) {
      return Optional.empty();
    }
    return Optional.of(
        from.plusMillis(capped + draw(policy.jail(), address, from, family.rndtime())));
  }

  private static long multiplied(long bantime, ModelPolicy.Increment family, int earlier) {
    double base = bantime * family.factor();
    List<Double> multipliers = family.multipliers();
    if (multipliers.isEmpty() && family.formula().isPresent()) {
      return Math.max(bantime, evaluated(bantime, family, earlier));
    }
    if (multipliers.isEmpty()) {
      return Math.max(bantime, Math.round(base * Math.pow(2, Math.min(earlier, 20))));
    }
    return Math.round(base * multipliers.get(Math.min(earlier, multipliers.size() - 1)));
  }

  private static long evaluated(long bantime, ModelPolicy.Increment family, int earlier) {
    Formula formula = FORMULAS.get(family.formula().get());
    if (formula == null) {
      throw new IllegalArgumentException("the model has no formula " + family.formula().get());
    }
    try {
      return Math.round(formula.seconds(bantime / 1000.0, earlier, family.factor()) * 1000);
    } catch (ArithmeticException e) {
      return bantime;
    }
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
