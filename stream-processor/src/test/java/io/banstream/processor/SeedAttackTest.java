package io.banstream.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.banstream.jails.Configuration;
import io.banstream.schemas.Address;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * An attack of the first user's kind under his own configurations, where ../shared has them: his
 * CentOS 6 host saw 85,792 failures of postfix-sasl, 1,694 bans of it and 179 of recidive; on his
 * CentOS 7 host recidive never banned anybody.
 */
class SeedAttackTest {
  private static final Instant START = Instant.parse("2018-06-01T00:00:00Z");
  private static final int DAYS = 60;
  private static final int BANS = 1_694;
  private static final int FAILURES = 85_792;

  /** How many of those who were banned come back the same day: two of five. */
  private static final double COME_BACK = 0.41;

  private final Random random = new Random(7);
  private int attackers;

  private static Replay replay(String host) throws Exception {
    Path dir =
        Path.of(System.getProperty("banstream.root"), "..", "shared", "seed", host, "fail2ban");
    assumeTrue(Files.isDirectory(dir), "skipped: no ../shared/seed");
    return new Replay(Configuration.read(dir).jails());
  }

  private static ReplayFailure failure(String jail, Address address, Instant time) {
    return new ReplayFailure(jail, address, time, "relay1", Optional.empty(), "a line");
  }

  private Address attacker() {
    return Address.parse("2001:db8::" + Integer.toHexString(++attackers));
  }

  private static List<ReplayDecision> of(Replay replay, List<ReplayFailure> failures) {
    failures.sort(Comparator.comparing(ReplayFailure::time));
    List<ReplayDecision> decisions = new ArrayList<>();
    failures.forEach(f -> decisions.addAll(replay.add(f)));
    return decisions;
  }

  private static long count(List<ReplayDecision> decisions, String jail) {
    return decisions.stream().filter(d -> d.jail().equals(jail)).count();
  }

  @Test
  void aTenthOfTheBansOfHisAttackMakesRepeatOffenders() throws Exception {
    List<ReplayFailure> failures = new ArrayList<>();
    int bans = 0;
    while (bans < BANS) {
      Address address = attacker();
      Instant time = START.plusSeconds(random.nextInt(DAYS * 86_400));
      for (boolean again = true; again && bans < BANS; bans++) {
        for (int i = 0; i < 3; i++) {
          failures.add(failure("postfix-sasl", address, time.plusSeconds(20L * i)));
        }
        time = time.plus(Duration.ofMinutes(70 + random.nextInt(300)));
        again = random.nextDouble() < COME_BACK;
      }
    }
    while (failures.size() < FAILURES) { // who guesses too slowly for findtime = 300
      Address address = attacker();
      Instant time = START.plusSeconds(random.nextInt(DAYS * 86_400));
      for (int i = 0; i < 50 && failures.size() < FAILURES; i++) {
        failures.add(failure("postfix-sasl", address, time));
        time = time.plusSeconds(160 + random.nextInt(600));
      }
    }
    List<ReplayDecision> decisions = of(replay("centos6"), failures);
    assertThat(count(decisions, "recidive")).isBetween(140L, 220L);
    // Whoever comes back a fourth time meets recidive's ban, yet his failures are there: he is
    // banned by postfix-sasl as well, as on a host whose recidive closes other ports.
    assertThat(count(decisions, "postfix-sasl")).isBetween(BANS - 100L, (long) BANS);
  }

  @Test
  void onHisCentOs7HostRecidiveBansWhoTriesThreeServices() throws Exception {
    List<ReplayFailure> failures = new ArrayList<>();
    Address address = attacker();
    for (String jail : List.of("postfix-sasl", "dovecot", "sshd")) {
      Instant time = START.plus(Duration.ofHours(failures.size()));
      for (int i = 0; i < 5; i++) {
        failures.add(failure(jail, address, time.plusSeconds(i)));
      }
    }
    List<ReplayDecision> decisions = of(replay("centos7"), failures);
    assertThat(decisions)
        .extracting(ReplayDecision::jail)
        .containsExactly("postfix-sasl", "dovecot", "sshd", "recidive");
    assertThat(decisions.get(3).until()).hasValue(decisions.get(2).from().plusSeconds(604_800));
  }
}
