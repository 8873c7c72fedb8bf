package io.banstream.jails;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Expressions that need time exponential, or like a high power, in a line that fits them badly.
 * Python and bare java.util.regex are at some of these for hours.
 */
class CatastrophicLinesTest {
  private static final Instant NOW = Instant.parse("2026-11-25T06:00:00Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      textBlock =
          """
          ^ (?:a+)+$ <HOST>                          ~ a   ~ 60
          ^ (?:a|aa)+$ <HOST>                        ~ a   ~ 60
          ^ (?:a|a?)+$ <HOST>                        ~ a   ~ 60
          ^ (\\w+\\s?)*$ <HOST>                      ~ ab  ~ 5000
          ^ (a*)*b\\1 <HOST>                         ~ a   ~ 300
          (?:.*?,){12}bad <HOST>                     ~ 1,  ~ 60
          (?=(a+))(?:a+)+\\1! <HOST>                 ~ a   ~ 3000
          bad .*x.*y.*z.*! <HOST>                    ~ bad xyz  ~ 9000
          \\S+ \\S+ \\S+ \\S+ bad!<HOST>$            ~ 'x '  ~ 30000
          ^ \\[\\S* [^\\]]*\\] (?:\\[[^\\]]*\\] )*!<HOST> ~ [a] ~ 15000
          bad<HOST>: no                              ~ bad1.2.3.4.  ~ 5000
          """)
  void areGivenUpOrDoneAndNothingIsLostAfterThem(String regex, String part, int times) {
    String failregex = regex.strip().replace("\\\\", "\\");
    FilterDefinition filter =
        new FilterDefinition(
            "test",
            Optional.empty(),
            List.of(failregex, "^ failure of <HOST>$"),
            List.of(),
            Optional.empty(),
            1,
            List.of(),
            List.of());
    FilterSet set =
        new FilterSet(
            List.of(LineMatcher.compile(filter, new MatchSettings(ZoneOffset.UTC, "auto"))));
    String log =
        ("Nov 25 03:31:46 " + part.repeat(times) + "\nNov 25 03:31:47 failure of 192.0.2.1\n");
    byte[] bytes = log.repeat(3).getBytes(StandardCharsets.UTF_8);
    List<String> found = new ArrayList<>();
    set.scan(
        bytes,
        0,
        bytes.length,
        line -> {
          try {
            line.match(0, NOW).forEach(m -> found.add(m.host()));
          } catch (TooManySteps e) {
            assertThat(e).hasMessageContaining("failregex = " + failregex);
          }
        });
    assertEquals(List.of("192.0.2.1", "192.0.2.1", "192.0.2.1"), found);
  }
}
