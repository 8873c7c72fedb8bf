package io.banstream.enforcer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.banstream.schemas.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * A broker that is away, for {@code -Dbanstream.away} seconds (10), and a host that boots
 * meanwhile.
 */
class AwayIT extends EnforcerOnBroker {
  private static final Duration AWAY = Duration.ofSeconds(Integer.getInteger("banstream.away", 10));
  private static final String EVER = "192.0.2.1";
  private static final String LATER = "192.0.2.2";

  @Test
  void bansHoldAndEndOnTimeThroughABootAndCatchUp() throws Exception {
    Instant begin = Instant.now();
    Instant end = begin.plus(AWAY.dividedBy(2));
    EnforcerAgent first = up();
    decide(Verdict.BAN, ATTACKER, "*", end);
    decide(Verdict.BAN, OTHER, "*", begin.plus(AWAY.multipliedBy(2)).plus(LIMIT.multipliedBy(2)));
    decide(Verdict.BAN, EVER, "*", null);
    awaitBanned(EVER);
    assertThat(pings(OTHER)).isFalse();
    broker.stop();
    first.close();
    relay.close();
    boot();
    assertThat(pings(OTHER)).as("before an enforcer runs").isTrue();

    try (EnforcerAgent alone = EnforcerAgent.start(settings(kafka))) {
      awaitBanned(EVER);
      await().atMost(LIMIT).until(() -> !pings(OTHER));
      if (Instant.now().isBefore(end.minusSeconds(5))) {
        assertThat(pings(ATTACKER)).isFalse();
      }
      await().atMost(AWAY.plus(LIMIT)).until(() -> pings(ATTACKER));
      assertThat(Instant.now()).isAfter(end);
      while (Instant.now().isBefore(begin.plus(AWAY))) {
        assertThat(pings(OTHER)).isFalse();
        assertThat(alone.ready()).isNotDone();
        TimeUnit.SECONDS.sleep(1);
      }
      broker.startAgain();
      decide(Verdict.UNBAN, OTHER, "*", Instant.now());
      ban(LATER);
      awaitBanned(LATER);
      awaitFree(OTHER);
      assertThat(pings(OTHER)).isTrue();
      assertThat(relay.run("ipset", "save")).contains(" " + EVER + " ");
      await().atMost(LIMIT).until(() -> alone.check().isEmpty());
    }
  }
}
