package io.banstream.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class SpokenBansTest {
  private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");

  private final SpokenBans bans = new SpokenBans();

  private static Instant at(int second) {
    return NOON.plusSeconds(second);
  }

  private void add(int... seconds) {
    for (int second : seconds) {
      bans.add(at(second), 1000);
    }
  }

  @Test
  void countsWhatIsAfterTheFirstTimeAndNotAfterTheSecond() {
    add(1, 2, 2, 3);
    assertThat(bans.count(at(1), at(3))).isEqualTo(3);
    assertThat(bans.count(at(2), at(2))).isZero();
    assertThat(bans.count(at(0), at(2))).isEqualTo(3);
  }

  @Test
  void whatComesLateIsCountedInItsPlace() {
    add(5, 9, 7);
    assertThat(bans.count(at(5), at(8))).isEqualTo(1);
  }

  @Test
  void keepsTheNewestAsManyAsAreAsked() {
    for (int second = 0; second < 500; second++) {
      bans.add(at(second), 20);
    }
    assertThat(bans.count(at(-1), at(500))).isEqualTo(20);
    assertThat(bans.count(at(479), at(500))).isEqualTo(20);
  }

  @Test
  void forgetsWhatIsTooOld() {
    add(1, 2, 3);
    bans.forget(at(2));
    assertThat(bans.count(at(0), at(9))).isEqualTo(1);
    assertThat(bans.isBefore(at(2))).isFalse();
    assertThat(bans.isBefore(at(3))).isTrue();
  }

  /** Frozen: a store of an older version must be read. */
  @Test
  void theBytesStayAsTheyAre() {
    add(0, 1, 601);
    bans.held(true);
    byte[] packed = bans.encode();
    assertThat(HexFormat.of().formatHex(packed)).isEqualTo("010180d89da9c268d00f809f49");
    SpokenBans read = SpokenBans.decode(packed);
    assertThat(read.encode()).isEqualTo(packed);
    assertThat(read.held(true)).as("was held").isFalse();
    assertThat(read.count(at(0), at(601))).isEqualTo(2);
  }

  @Test
  void anotherVersionIsRefused() {
    assertThatThrownBy(() -> SpokenBans.decode(new byte[] {9, 0}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("guard of version 9, expected 1");
  }
}
