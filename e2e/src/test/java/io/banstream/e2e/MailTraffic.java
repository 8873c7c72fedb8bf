package io.banstream.e2e;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What some relays log: a few attackers at a time, each for a while, among other lines; some
 * failures late, many at the same second. The same seed gives the same lines.
 */
final class MailTraffic {
  private static final int ADDRESSES = 900;
  private static final int AT_WORK = 30;

  private final Random random;
  private final List<String> hosts;
  private final Instant start;
  private final Duration step;
  private final List<Integer> attackers = new ArrayList<>();
  private int count;

  /**
   * @param step time between two lines, all hosts' together
   */
  MailTraffic(long seed, List<String> hosts, Instant start, Duration step) {
    this.random = new Random(seed);
    this.hosts = hosts;
    this.start = start;
    this.step = step;
    for (int i = 0; i < AT_WORK; i++) {
      attackers.add(random.nextInt(ADDRESSES));
    }
  }

  /**
   * One line before it has a form.
   *
   * @param id its number, in the order of writing
   * @param failure whether it tells of a wrong password; else it means nothing
   */
  record Line(int id, String host, Instant time, String address, boolean failure) {}

  Line next() {
    if (random.nextInt(400) == 0) {
      attackers.set(random.nextInt(AT_WORK), random.nextInt(ADDRESSES));
    }
    boolean known = random.nextInt(10) < 7;
    int address = known ? attackers.get(random.nextInt(AT_WORK)) : random.nextInt(ADDRESSES);
    // Two addresses of three are seen by one host only: their order is that of its log.
    int host = address % 3 == 0 ? random.nextInt(hosts.size()) : address / 3 % hosts.size();
    Instant time = start.plus(step.multipliedBy(count)).minus(late());
    boolean failure = random.nextInt(4) == 0;
    return new Line(count++, hosts.get(host), time, text(address), failure);
  }

  private Duration late() {
    return switch (random.nextInt(50)) {
      case 0, 1 -> Duration.ofSeconds(random.nextInt(100));
      case 2 -> Duration.ofSeconds(random.nextInt(3000));
      default -> Duration.ZERO;
    };
  }

  private static String text(int address) {
    return switch (address % 4) {
      case 0 -> "192.0.2." + address / 4;
      case 1 -> "198.51.100." + address / 4;
      case 2 -> "203.0.113." + address / 4;
      default -> "2001:db8::" + Integer.toHexString(address);
    };
  }
}
