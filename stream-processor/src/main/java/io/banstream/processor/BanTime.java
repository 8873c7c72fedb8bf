package io.banstream.processor;

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
 *   <li>without: the greater of bantime and bantime x 2^min(count, 20) x factor, which is
 *       fail2ban's default formula.
 *   <li>then at most {@code maxtime}, then rounded to the nearest millisecond, not below 0.
 *   <li>then a draw from 0 to {@code rndtime}, both counted, is added: the first 8 bytes,
 *       big-endian and unsigned, of the SHA-256 of the UTF-8 text "jail address from" (one space
 *       between, from in milliseconds since 1970), modulo rndtime in milliseconds plus 1. It may
 *       pass {@code maxtime}, as fail2ban's does.
 * </ul>
 */
final class BanTime {
  private static final int MOST_DOUBLINGS = 20;

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
    double millis = increased(bantime.toMillis(), count, increment);
    if (increment.maxtime().isPresent()) {
      millis = Math.min(millis, increment.maxtime().get().toMillis());
    }
    long random = draw(jail, address, from, increment.rndtime().toMillis());
    return from.plusMillis(Math.max(0, Math.round(millis)) + random);
  }

  private static double increased(double bantime, int count, Increment increment) {
    List<Double> multipliers = increment.multipliers();
    if (!multipliers.isEmpty()) {
      double multiplier = multipliers.get(Math.min(count, multipliers.size() - 1));
      return bantime * increment.factor() * multiplier;
    }
    double doubled = bantime * (1L << Math.min(count, MOST_DOUBLINGS)) * increment.factor();
    return Math.max(bantime, doubled);
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
