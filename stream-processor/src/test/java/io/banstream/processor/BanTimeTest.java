package io.banstream.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.banstream.jails.BanFormula;
import io.banstream.jails.Policy;
import io.banstream.jails.Policy.Increment;
import io.banstream.jails.Policy.Scope;
import io.banstream.schemas.Address;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BanTimeTest {
  private static final Instant FROM = Instant.parse("2026-11-25T12:00:00Z");

  private static long seconds(int count, Increment increment) {
    return Duration.between(FROM, until(count, increment, Optional.of(Duration.ofMinutes(10))))
        .toSeconds();
  }

  private static Instant until(int count, Increment increment, Optional<Duration> bantime) {
    Policy policy =
        new Policy(
            Duration.ofMinutes(10),
            bantime,
            3,
            List.of(),
            Scope.FLEET,
            128,
            increment,
            Duration.ofDays(1),
            Policy.Guard.DEFAULT,
            Optional.empty(),
            Optional.empty(),
            Policy.Trust.DEFAULT,
            Optional.empty(),
            0);
    return BanTime.until(policy, count, "sasl", Address.parse("192.0.2.1"), FROM);
  }

  private static Increment increment(
      double factor, List<Double> multipliers, Optional<Duration> maxtime, Duration rndtime) {
    return new Increment(true, factor, multipliers, maxtime, rndtime, false, Optional.empty());
  }

  @Test
  void aBanIsAsLongAsBantimeUnlessIncremented() {
    assertThat(seconds(5, Increment.OFF)).isEqualTo(600);
  }

  @Test
  void aFirstBanIsBantimeWithoutFactorOrRandomTime() {
    var all = increment(3, List.of(7.0), Optional.of(Duration.ofSeconds(1)), Duration.ofHours(1));
    assertThat(seconds(0, all)).isEqualTo(600);
  }

  @Test
  void itDoublesWithEachTwentyTimesAtMost() {
    var doubling = increment(1, List.of(), Optional.empty(), Duration.ZERO);
    assertThat(seconds(1, doubling)).isEqualTo(1_200);
    assertThat(seconds(3, doubling)).isEqualTo(4_800);
    assertThat(seconds(20, doubling)).isEqualTo(600L << 20);
    assertThat(seconds(99, doubling)).isEqualTo(600L << 20);
  }

  @Test
  void aSmallFactorNeverMakesItShorterThanBantime() {
    assertThat(seconds(1, increment(0.1, List.of(), Optional.empty(), Duration.ZERO)))
        .isEqualTo(600);
  }

  @Test
  void aFormulaSaysHowLongButNeverLessThanBantime() {
    assertThat(seconds(2, formula("ban.Time * ban.Count ** 2 + 0.5", 1))).isEqualTo(2_400);
    assertThat(seconds(2, formula("ban.Time * (1 << ban.Count) * banFactor", 3))).isEqualTo(7_200);
    for (String little : List.of("1", "-ban.Time", "0", "math.nan", "1 / 0", "10.0 ** 400")) {
      assertThat(seconds(2, formula(little, 1))).as(little).isEqualTo(600);
    }
  }

  @Test
  void moreThanAThousandYearsIsForEver() {
    for (String much : List.of("86400 * 365250 + 1", "math.inf", "1 << 4000")) {
      Instant until = until(1, formula(much, 1), Optional.of(Duration.ofMinutes(10)));
      assertThat(until).as(much).isEqualTo(Ban.FOR_EVER);
    }
    assertThat(seconds(1, formula("86400 * 365250", 1))).isEqualTo(86_400L * 365_250);
  }

  private static Increment formula(String text, double factor) {
    return new Increment(
        true,
        factor,
        List.of(),
        Optional.empty(),
        Duration.ZERO,
        false,
        Optional.of(BanFormula.parse(text)));
  }

  @Test
  void multipliersAreTakenByTheNumberOfEarlierBansTheLastForMore() {
    var multipliers = increment(2, List.of(1.0, 5.0, 30.0), Optional.empty(), Duration.ZERO);
    assertThat(seconds(1, multipliers)).isEqualTo(6_000);
    assertThat(seconds(2, multipliers)).isEqualTo(36_000);
    assertThat(seconds(9, multipliers)).isEqualTo(36_000);
  }

  @Test
  void maxtimeBoundsIt() {
    var bounded = increment(1, List.of(), Optional.of(Duration.ofSeconds(1_000)), Duration.ZERO);
    assertThat(seconds(7, bounded)).isEqualTo(1_000);
  }

  /** Frozen: models and replays draw the same. sha256("sasl 192.0.2.1 1795608000000"). */
  @Test
  void rndtimeIsDrawnFromTheHashOfJailAddressAndBegin() {
    var random =
        increment(1, List.of(), Optional.of(Duration.ofSeconds(1)), Duration.ofSeconds(100));
    Duration drawn =
        Duration.between(
            FROM.plusSeconds(1), until(1, random, Optional.of(Duration.ofMinutes(10))));
    assertThat(drawn.toMillis()).isEqualTo(39725);
  }

  @Test
  void forEverStaysForEver() {
    var bounded = increment(1, List.of(), Optional.of(Duration.ofSeconds(1)), Duration.ZERO);
    assertThat(until(3, bounded, Optional.empty())).isEqualTo(Ban.FOR_EVER);
  }
}
