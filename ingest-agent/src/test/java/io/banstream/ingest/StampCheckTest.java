package io.banstream.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class StampCheckTest {
  private static final Instant NOW = Instant.parse("2026-11-25T03:00:00Z");

  private final StampCheck check = new StampCheck();

  @Test
  void aLineThatWasJustWrittenMustSaySo() {
    check.passed(true, NOW);
    Instant next = NOW.plusMillis(250);
    assertThat(check.isOff(NOW.minusSeconds(7200), next)).isTrue();
    assertThat(check.isOff(NOW.minusSeconds(61), next)).isTrue();
    assertThat(check.isOff(NOW.minusSeconds(60), next)).isFalse();
    assertThat(check.isOff(next, next)).isFalse();
  }

  @Test
  void whatWasThereBeforeMayBeOld() {
    Instant old = NOW.minusSeconds(7200);
    assertThat(check.isOff(old, NOW)).as("the first pass").isFalse();
    check.passed(false, NOW);
    assertThat(check.isOff(old, NOW.plusMillis(250))).as("there was more").isFalse();
    check.passed(true, NOW);
    assertThat(check.isOff(old, NOW.plusSeconds(10))).as("nobody looked for a while").isFalse();
  }
}
