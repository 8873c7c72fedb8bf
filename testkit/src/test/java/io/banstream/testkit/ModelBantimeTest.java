package io.banstream.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.banstream.testkit.ModelPolicy.Increment;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Expected values: fail2ban's formula worked out by hand; the draw's by Python's hashlib. */
class ModelBantimeTest {
  private static final Instant FROM = Instant.ofEpochMilli(1_795_575_700_000L);

  /** SHA-256 of "sasl 192.0.2.1 1795575700000" begins fea938ad853c93f8; modulo 20001. */
  private static final long DRAW = 877;

  @Test
  void theFirstBanHasNeitherFactorNorDraw() {
    Increment family =
        new Increment(true, 3, List.of(), none(), Duration.ofHours(1), false, Optional.empty());
    assertThat(seconds(family, 0)).isEqualTo(600);
  }

  @Test
  void doublesWithEachEarlierBanUpToTwentyTimes() {
    assertThat(seconds(Increment.DOUBLING, 1)).isEqualTo(1200);
    assertThat(seconds(Increment.DOUBLING, 3)).isEqualTo(4800);
    assertThat(seconds(Increment.DOUBLING, 20)).isEqualTo(629_145_600);
    assertThat(seconds(Increment.DOUBLING, 21)).isEqualTo(629_145_600);
  }

  @Test
  void aSmallFactorNeverMakesItShorter() {
    Increment small =
        new Increment(true, 0.3, List.of(), none(), Duration.ZERO, false, Optional.empty());
    assertThat(seconds(small, 1)).isEqualTo(600);
    assertThat(seconds(small, 2)).isEqualTo(720);
  }

  @Test
  void theLastMultiplierHoldsForAllThatFollow() {
    Increment family =
        new Increment(
            true,
            2,
            List.of(1.0, 5.0, 30.0),
            none(),
            Duration.ZERO,
            false,
            Optional.of("ban.Time / (ban.Count - 2)"));
    assertThat(seconds(family, 1)).isEqualTo(6000);
    assertThat(seconds(family, 2)).isEqualTo(36_000);
    assertThat(seconds(family, 9)).isEqualTo(36_000);
  }

  @Test
  void theDrawIsAddedOnTopOfMaxtime() {
    Increment family =
        new Increment(
            true,
            1,
            List.of(),
            Optional.of(Duration.ofSeconds(700)),
            Duration.ofSeconds(20),
            false,
            Optional.empty());
    assertThat(until(family, 5)).isEqualTo(FROM.plusSeconds(700).plusMillis(DRAW));
  }

  /** Expected: Python's {@code 600 * math.exp(float(n + 1) * 0.5) / math.exp(1 * 0.5)}. */
  @Test
  void aFormulaSaysHowLong() {
    assertThat(until(formula(EXPONENTIAL, 0.5), 1)).isEqualTo(FROM.plusMillis(989_233));
    assertThat(until(formula(EXPONENTIAL, 0.5), 9)).isEqualTo(FROM.plusMillis(54_010_279));
  }

  @Test
  void aFormulaMakesNoBanShorterAndItsErrorIsBantime() {
    String division = "ban.Time / (ban.Count - 2)";
    assertThat(seconds(formula(division, 1), 1)).isEqualTo(600); // -600
    assertThat(seconds(formula(division, 1), 2)).isEqualTo(600); // by zero
    assertThat(seconds(formula("math.nan if ban.Count == 1 else math.inf", 1), 1)).isEqualTo(600);
  }

  @Test
  void moreThanAThousandYearsIsForEver() {
    String steep = "ban.Time * 10.0 ** (4 * ban.Count)";
    assertThat(until(formula(steep, 1), 1)).isEqualTo(FROM.plusSeconds(6_000_000));
    assertThat(ModelBantime.until(policy(formula(steep, 1)), "192.0.2.1", FROM, 3)).isEmpty();
  }

  private static final String EXPONENTIAL =
      "ban.Time * math.exp(float(ban.Count+1)*banFactor)/math.exp(1*banFactor)";

  private static Increment formula(String text, double factor) {
    return new Increment(true, factor, List.of(), none(), Duration.ZERO, false, Optional.of(text));
  }

  private static Optional<Duration> none() {
    return Optional.empty();
  }

  private static long seconds(Increment family, int earlier) {
    return Duration.between(FROM, until(family, earlier)).toSeconds();
  }

  private static Instant until(Increment family, int earlier) {
    return ModelBantime.until(policy(family), "192.0.2.1", FROM, earlier).orElseThrow();
  }

  private static ModelPolicy policy(Increment family) {
    return ModelPolicy.of("sasl", 3, Duration.ofSeconds(60), Duration.ofSeconds(600))
        .withIncrement(family);
  }
}
