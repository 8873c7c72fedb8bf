package io.banstream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.banstream.jails.Jail;
import io.banstream.jails.Match;
import io.banstream.schemas.Address;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SuccessesTest {
  private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
  private static final Jail SASL = jail("sasl", false);
  private static final Jail FORGIVING = jail("sasl", true);

  private final Successes successes = new Successes();

  private static Jail jail(String name, boolean forgive) {
    return Fleet.succeeding(Fleet.fileJail(name, "/log"), forgive, Duration.ofDays(30));
  }

  private boolean sends(Jail jail, String address, String user, long second) {
    Instant time = NOON.plusSeconds(second);
    Match success = new Match(address, time, Optional.of(user), 0, true);
    return !successes.wanted(jail, List.of(success)).isEmpty();
  }

  @Test
  void oneAnHourIsSentOfEachJailUserAndAddress() {
    assertThat(sends(SASL, "192.0.2.1", "alice", 0)).isTrue();
    assertThat(sends(SASL, "192.0.2.1", "alice", 3599)).isFalse();
    assertThat(sends(SASL, "::ffff:192.0.2.1", "alice", 3599)).isFalse();
    assertThat(sends(SASL, "192.0.2.1", "bob", 1)).isTrue();
    assertThat(sends(SASL, "192.0.2.2", "alice", 1)).isTrue();
    assertThat(sends(jail("sshd", false), "192.0.2.1", "alice", 1)).isTrue();
    assertThat(sends(SASL, "192.0.2.1", "alice", 3600)).isTrue();
    assertThat(sends(SASL, "192.0.2.1", "alice", -3600)).isTrue(); // an older log, read later
  }

  @Test
  void whereTheJailForgivesOneIsSentAfterEachFailure() {
    sends(FORGIVING, "192.0.2.1", "alice", 0);
    successes.failed(FORGIVING, Address.parse("192.0.2.1"));
    assertThat(sends(FORGIVING, "192.0.2.2", "alice", 5)).isTrue();
    assertThat(sends(FORGIVING, "192.0.2.1", "alice", 5)).isTrue();
    assertThat(sends(FORGIVING, "192.0.2.1", "alice", 6)).isFalse();
    successes.failed(SASL, Address.parse("192.0.2.1"));
    assertThat(sends(SASL, "192.0.2.1", "alice", 7)).isFalse();
  }

  @Test
  void theLoginsSeenLastAreRemembered() {
    sends(SASL, "192.0.2.1", "alice", 0);
    sends(SASL, "192.0.2.1", "bob", 0);
    for (int i = 0; i < Successes.KEPT - 1; i++) {
      assertThat(sends(SASL, "192.0.2.1", "alice", 1)).isFalse();
      sends(SASL, "192.0.2.1", "user" + i, 1);
    }
    assertThat(sends(SASL, "192.0.2.1", "bob", 2)).isTrue();
  }

  @Test
  void failuresAreSentWhateverThereWas() {
    Match failure = new Match("192.0.2.1", NOON, Optional.of("alice"), 0, false);
    sends(SASL, "192.0.2.1", "alice", 0);
    assertThat(successes.wanted(SASL, List.of(failure))).containsExactly(failure);
  }
}
