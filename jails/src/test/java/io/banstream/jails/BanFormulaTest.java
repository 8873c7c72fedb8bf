package io.banstream.jails;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Formulas with bantime 600, three bans before, and a factor of 2. */
class BanFormulaTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ban.Time * (1<<(ban.Count if ban.Count<20 else 20)) * banFactor           | 9600
          ban.Time * math.exp(float(ban.Count+1)*banFactor)/math.exp(1*banFactor)   | 242057.27609564108
          -7 // 2 + -7 % 3 * 100                                                    | 196
          7.5 // -2                                                                 | -4
          -2 ** 2                                                                   | -4
          2 ** -1                                                                   | 0.5
          `1 << 2 + 1 & 12 | 3 ^ 2`                                                 | 9
          2 ** 3 ** 2                                                               | 512
          1 < ban.Count < 3                                                         | 0
          not ban.Count == 3 or ban.Count and 5                                     | 5
          1 if ban.Count > 5 else 2 if ban.Count > 2 else 3                         | 2
          round(2.5) + round(3.5) * 10 + round(0.125, 2)                            | 42.12
          (1 << 200) // (1 << 198)                                                  | 4
          math.log2(1 << 40)                                                        | 40
          min(5, 3.5, 4) + max(1, True)                                             | 4.5
          1_000 + .5e1 + 1.                                                         | 1006
          """)
  void saysHowManySeconds(String formula, double seconds) {
    assertThat(value(formula)).isEqualTo(seconds);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ban.Time * foo            | 'foo' at 12 is unknown, expected one of ban.Count, ban.Time, banFactor, math.*, abs
          ban.__class__             | 'ban.__class__' at 1 is unknown
          math.factorial(9)         | 'math.factorial' at 1 is unknown
          ban.Time + random.random()| 'random.random' at 12 is refused: each reader of the stream must come to the same ban; bantime.rndtime adds
          __import__("os")          | '"' at 12 is not of a formula's language
          lambda: 1                 | ':' at 7 is not of a formula's language
          open(1)                   | 'open' at 1 is unknown
          [1] * 9                   | '[' at 1 is not of a formula's language
          ban.Time *                | the end: expected a number, a name or (
          (ban.Time                 | the end: expected )
          ban.Time ban.Count        | 'ban.Count' at 10: expected an operator or the end
          1 if 2                    | the end: expected else
          abs(1, 2)                 | 'abs' at 1 has 2 arguments, expected 1
          min(1)                    | 'min' at 1 has 1 arguments, expected 2 or more
          0x10                      | '0' at 1 is not of a formula's language
          1 = 1                     | '=' at 3 is not of a formula's language
          ban.Time() * 2            | 'ban.Time' at 1 is unknown
          """)
  void refusesWhatItDoesNotKnowAndNamesThePlace(String formula, String message) {
    assertThatThrownBy(() -> BanFormula.parse(formula))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9 ** 9 ** 9 ** 9",
        "1 << 10 ** 9",
        "1 << (1 << 4000)",
        "10.0 ** 400",
        "(1 << 2000) * 1.0",
        "math.exp(1000)",
        "1 / 0",
        "1 % 0.0",
        "0 ** -1",
        "(-8) ** 0.5",
        "math.sqrt(-1)",
        "math.log(0)",
        "int(math.inf)",
        "1.5 << 1",
        "1 << -1",
        "ban.Time & 1.0"
      })
  void whatPythonRaisesOrIsTooLargeIsNoValue(String formula) {
    BanFormula read = BanFormula.parse(formula);
    assertThatThrownBy(() -> read.seconds(Duration.ofMinutes(10), 3, 2))
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void nestingAndLengthHaveAnEnd() {
    assertThat(value("(".repeat(40) + "7" + ")".repeat(40))).isEqualTo(7);
    for (String nested : new String[] {"(", "-", "not ", "2**", "abs(", "1 if 1 else "}) {
      assertThatThrownBy(() -> BanFormula.parse(nested.repeat(70) + "1"))
          .hasMessageContaining("nested deeper than 50");
    }
    assertThatThrownBy(() -> BanFormula.parse("1+".repeat(500) + "1"))
        .hasMessage("expected at most 1000 characters");
    assertThat(value("1+".repeat(499) + "1")).isEqualTo(500);
  }

  @Test
  void aTimeAndAFactorThatAreWholeAreInts() {
    BanFormula shift = BanFormula.parse("1 << ban.Time * banFactor");
    assertThat(shift.seconds(Duration.ofSeconds(3), 1, 2)).isEqualTo(64);
    assertThatThrownBy(() -> shift.seconds(Duration.ofMillis(1500), 1, 2))
        .isInstanceOf(ArithmeticException.class);
    assertThat(BanFormula.parse("ban.Time").seconds(Duration.ofMillis(1500), 1, 2)).isEqualTo(1.5);
  }

  private static double value(String formula) {
    return BanFormula.parse(formula).seconds(Duration.ofMinutes(10), 3, 2);
  }
}
