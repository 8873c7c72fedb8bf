package io.banstream.processor;

import io.banstream.jails.BanFormula;
import io.banstream.jails.Policy;
import io.banstream.jails.Policy.Increment;
import io.banstream.schemas.Address;
import io.banstream.schemas.Key;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * How long a ban lasts: jail.conf(5)'s {@code bantime} and {@code bantime.increment} family.
 *
 * <p>With {@code count} earlier bans remembered, in milliseconds:
 *
 * <ul>
 *   <li>bantime -1 is for ever, whatever else is set; a first ban (count = 0), or one without
 *       {@code increment}, lasts bantime: no factor, no random time.
 *   <li>with {@code multipliers}: bantime x factor x multipliers[min(count, last)], the first being
 *       number 0 (so it is never used).
 *   <li>without: what {@code formula} comes to, or bantime x 2^min(count, 20) x factor, which is
 *       fail2ban's default formula; in either case bantime at least, and bantime where the formula
 *       comes to no number or to an error.
 *   <li>then at most {@code maxtime}, then rounded to the nearest millisecond, not below 0; for
 *       ever where it is more than 1,000 years.
 *   <li>then a draw from 0 to {@code rndtime}, both counted, is added: the first 8 bytes,
 *       big-endian and unsigned, of the SHA-256 of the UTF-8 text "jail address from" (one space
 *       between, from in milliseconds since 1970), modulo rndtime in milliseconds plus 1. It may
 *       pass {@code maxtime}, as fail2ban's does.
 * </ul>
 */
final class BanTime {
  private static final int MOST_DOUBLINGS = 20;

  /** Years of 365.25 days. */
  private static final double THOUSAND_YEARS_MS = 365_250.0 * 86_400_000;

  private BanTime() {}

  /**
   * @param count earlier bans that are remembered
   * @return when it ends; {@link Ban#FOR_EVER}
   */
  static Instant until(Policy policy, int count, String jail, Address address, Instant from) {
    if (policy.bantime().isEmpty()) {
      return Ban.FOR_EVER;
    }
    Duration bantime = policy.bantime().get();
    Increment increment = policy.increment();
    if (!increment.enabled() || count == 0) {
      return from.plus(bantime);
    }
    double millis = increased(bantime, count, increment);
    if (increment.maxtime().isPresent()) {
      millis = Math.min(millis, increment.maxtime().get().toMillis());
    }
    if (millis > THOUSAND_YEARS_MS) {
      return Ban.FOR_EVER;
    }
    long random = draw(jail, address, from, increment.rndtime().toMillis());
    return from.plusMillis(Math.max(0, Math.round(millis)) + random);
  }

  private static double increased(Duration bantime, int count, Increment increment) {
    double millis = bantime.toMillis();
    List<Double> multipliers = increment.multipliers();
    if (!multipliers.isEmpty()) {
      double multiplier = multipliers.get(Math.min(count, multipliers.size() - 1));
      return millis * increment.factor() * multiplier;
    }
    double longer =
        increment.formula().isPresent()
            ? evaluated(increment.formula().get(), bantime, count, increment.factor())
            : millis * (1L << Math.min(count, MOST_DOUBLINGS)) * increment.factor();
    return longer > millis ? longer : millis;
  }

  private static double evaluated(BanFormula formula, Duration bantime, int count, double factor) {
    try {
      return formula.seconds(bantime, count, factor) * 1_000;
    } catch (ArithmeticException e) {
      return bantime.toMillis(); // as fail2ban does; jails check tells which ban it meets first
    }
  }

  private static long draw(String jail, Address address, Instant from, long most) {
    String text = Key.of(jail, address.toString(), Long.toString(from.toEpochMilli()));
    byte[] hash = sha256().digest(text.getBytes(StandardCharsets.UTF_8));
    return Long.remainderUnsigned(ByteBuffer.wrap(hash).getLong(), most + 1);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
