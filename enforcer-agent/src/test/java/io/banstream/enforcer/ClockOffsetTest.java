package io.banstream.enforcer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ClockOffsetTest {
  private static final Instant SENT = Instant.parse("2026-11-25T05:00:00Z");

  private final ClockOffset offset = new ClockOffset();

  @Test
  void aClockThatAgreesIsLeftAsItIs() {
    assertThat(offset.sample(SENT, SENT.plusMillis(900), SENT.plusMillis(20))).isFalse();
    assertThat(offset.broker(SENT)).isEqualTo(SENT);
  }

  @Test
  void aClockThatIsOffIsCorrectedToTheMiddleOfTheRoundTrip() {
    assertThat(offset.sample(SENT, SENT.plusSeconds(3600), SENT.plusMillis(20))).isTrue();
    assertThat(offset.offset()).isEqualTo(Duration.ofMillis(3_599_990));
  }

  @Test
  void aSlowAnswerTellsNothing() {
    assertThat(offset.sample(SENT, SENT.plusSeconds(3600), SENT.plusSeconds(6))).isFalse();
    assertThat(offset.offset()).isZero();
  }

  @Test
  void smallChangesAreNotFollowed() {
    offset.sample(SENT, SENT.plusSeconds(3600), SENT);
    assertThat(offset.sample(SENT, SENT.plusMillis(3_600_400), SENT)).isFalse();
  }
}
