package io.banstream.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class ZoneTest {
  private static ZoneId zone(String text) {
    return new Zone().convert(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"CET-01CEST-02,M3.5.0,M10.5.0", "CET-1CEST,M3.5.0/2,M10.5.0/3", "CET-1CEST"})
  void posixZonesOfCentralEuropeGoAsItsClocks(String text) {
    ZoneId zurich = ZoneId.of("Europe/Zurich");
    for (LocalDateTime t = LocalDateTime.of(1997, 1, 1, 0, 0);
        t.getYear() < 2040;
        t = t.plusHours(11)) {
      // The first rule's summer ends an hour earlier by the wall, and so the hour itself is left
      // out.
      if (t.getMonthValue() != 10) {
        Instant instant = t.toInstant(ZoneOffset.UTC);
        assertThat(zone(text).getRules().getOffset(instant))
            .as("%s", instant)
            .isEqualTo(zurich.getRules().getOffset(instant));
      }
    }
  }

  @Test
  void posixZonesWestOfGreenwichAreBehind() {
    assertThat(zone("EST5")).isEqualTo(ZoneOffset.ofHours(-5));
    assertThat(zone("<+0545>-5:45")).isEqualTo(ZoneOffset.ofHoursMinutes(5, 45));
  }

  @Test
  void namesAndOffsetsAreTakenAsTheyAre() {
    assertThat(zone("Europe/Zurich")).isEqualTo(ZoneId.of("Europe/Zurich"));
    assertThat(zone("+02:00")).isEqualTo(ZoneOffset.ofHours(2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Mars/Olympus", "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,J60,J300"})
  void whatIsNoZoneIsRefused(String text) {
    assertThatThrownBy(() -> zone(text)).isInstanceOf(TypeConversionException.class);
  }
}
