package io.banstream.jails;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

/** Zurich's clocks went from 03:00 back to 02:00 at 01:00 UTC on 31 October 2004. */
class WallClockTest {
  private static final Instant FIRST = Instant.parse("2004-10-31T00:30:00Z");
  private static final Instant SECOND = Instant.parse("2004-10-31T01:30:00Z");

  private static Instant halfPastTwo(Instant now) {
    return WallClock.instant(
        LocalDateTime.parse("2004-10-31T02:30:00"), ZoneId.of("Europe/Zurich"), now);
  }

  @Test
  void aFailureOfTheHourThatComesTwiceIsOfNow() {
    assertThat(halfPastTwo(FIRST)).isEqualTo(FIRST);
    assertThat(halfPastTwo(FIRST.plusSeconds(600))).isEqualTo(FIRST);
    assertThat(halfPastTwo(SECOND)).isEqualTo(SECOND);
    assertThat(halfPastTwo(SECOND.minusSeconds(2))).isEqualTo(SECOND);
  }

  @Test
  void ofAnOldLogItIsTheLater() {
    assertThat(halfPastTwo(SECOND.plusSeconds(86_400))).isEqualTo(SECOND);
  }
}
