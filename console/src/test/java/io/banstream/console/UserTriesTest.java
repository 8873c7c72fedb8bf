package io.banstream.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.banstream.console.UserTries.Counts;
import io.banstream.console.UserTries.Tried;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UserTriesTest {
  private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");

  private final UserTries tries = new UserTries();

  private Optional<Counts> saw(String address, String user, long second) {
    return tries.saw(address, user, NOON.plusSeconds(second));
  }

  @Test
  void eachNameOfAnAddressAndEachAddressOfANameCountsOnce() {
    assertThat(saw("192.0.2.1", "alice", 0)).contains(new Counts(1, 1));
    assertThat(saw("192.0.2.1", "bob", 1)).contains(new Counts(2, 1));
    assertThat(saw("192.0.2.2", "alice", 2)).contains(new Counts(1, 2));
    assertThat(saw("192.0.2.1", "alice", 3)).isEmpty();
    Instant now = NOON.plusSeconds(4);
    assertThat(tries.addresses(2, 9, now))
        .containsExactly(new Tried("192.0.2.1", 2, List.of("alice", "bob")));
    assertThat(tries.names(1, 1, now))
        .containsExactly(new Tried("alice", 2, List.of("192.0.2.1", "192.0.2.2")));
  }

  @Test
  void whatWasSeenAnHourAgoIsForgotten() {
    saw("192.0.2.1", "alice", 0);
    saw("192.0.2.1", "bob", 60);
    assertThat(tries.addresses(1, 9, NOON.plusSeconds(3599)).get(0).count()).isEqualTo(2);
    assertThat(tries.addresses(1, 9, NOON.plusSeconds(3600)).get(0).count()).isEqualTo(1);
    assertThat(tries.names(1, 9, NOON.plusSeconds(3660))).isEmpty();
  }

  @Test
  void beyondWhatIsKeptTheOldestPairGoesAndIsMissed() {
    for (int i = 0; i <= UserTries.KEPT; i++) {
      saw("192.0.2." + i % 200, "user" + i, 0);
    }
    assertThat(tries.names(1, UserTries.KEPT + 9, NOON)).hasSize(UserTries.KEPT);
    assertThat(tries.isWhole(NOON)).isFalse();
    assertThat(tries.isWhole(NOON.plusSeconds(3600))).isTrue();
  }

  @Test
  void aNameCannotSteerTheTerminalNorTakeRoom() {
    saw("192.0.2.1", "\u001b]0;owned\u0007", 0);
    saw("192.0.2.1", "x".repeat(5000), 0);
    assertThat(tries.addresses(1, 9, NOON).get(0).examples())
        .containsExactly("x".repeat(64), "\uFFFD]0;owned\uFFFD");
  }
}
