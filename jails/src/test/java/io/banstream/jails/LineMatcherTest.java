package io.banstream.jails;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LineMatcherTest {
  private static final Instant NOW = Instant.parse("2026-01-10T12:00:00Z");
  private static final MatchSettings ZURICH = new MatchSettings(ZoneId.of("Europe/Zurich"), "auto");

  private static FilterSet matcher(Optional<String> datepattern, String... failregex) {
    return matcher(
        new FilterDefinition(
            "test",
            Optional.empty(),
            List.of(failregex),
            List.of(),
            datepattern,
            1,
            List.of(),
            List.of()));
  }

  private static FilterSet matcher(String... failregex) {
    return matcher(Optional.empty(), failregex);
  }

  private static FilterSet matcher(FilterDefinition filter) {
    return new FilterSet(List.of(LineMatcher.compile(filter, ZURICH)));
  }

  private static List<Match> match(FilterSet matcher, String line) {
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    return match(matcher, bytes, 0, bytes.length);
  }

  private static List<Match> match(FilterSet matcher, byte[] buf, int from, int to) {
    List<Match> found = new ArrayList<>();
    assertThat(matcher.scan(buf, from, to, line -> found.addAll(line.match(0, NOW)))).isEqualTo(to);
    return found;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Jan 10 03:31:46            | 2026-01-10T02:31:46Z
          Jan 11 12:00:00            | 2026-01-11T11:00:00Z
          Jan 12 12:00:00            | 2025-01-12T11:00:00Z
          Dec 31 23:59:59            | 2025-12-31T22:59:59Z
          Jul  1 03:31:46            | 2025-07-01T01:31:46Z
          Oct 26 02:30:00            | 2025-10-26T01:30:00Z
          2025-10-26 02:30:00        | 2025-10-26T01:30:00Z
          2026-01-09T03:31:46.5Z     | 2026-01-09T03:31:46.500Z
          2026-01-09T03:31:46.123456+02:00 | 2026-01-09T01:31:46.123456Z
          2026-01-09 03:31:46,123    | 2026-01-09T02:31:46.123Z
          1767936706                 | 2026-01-09T05:31:46Z
          [1767936706]               | 2026-01-09T05:31:46Z
          [09/Jan/2026:03:31:46 +0000] | 2026-01-09T03:31:46Z
          03:31:46                   | 2026-01-10T02:31:46Z
          13:31:46                   | 2026-01-09T12:31:46Z
          """)
  void findsTheDate(String date, Instant time) {
    assertThat(match(matcher("bad <HOST>$"), date + " bad 192.0.2.1"))
        .containsExactly(new Match("192.0.2.1", time, Optional.empty(), 0, false));
  }

  @Test
  void aTai64nStampBeyondAllTimesIsNoDate() {
    FilterSet matcher = matcher(Optional.of("TAI64N"), "^ x <HOST>$");
    assertThat(match(matcher, "@4ffffffffffffffffbdf024a x 192.0.2.1"))
        .extracting(Match::time)
        .containsExactly(NOW);
  }

  @Test
  void theDateIsTakenOutOfTheLine() {
    assertThat(match(matcher("^ relay1 <HOST>$"), "Jan 10 03:31:46 relay1 192.0.2.1")).hasSize(1);
    assertThat(match(matcher("^\\[\\] <HOST>$"), "[2026-01-10 03:31:46] 192.0.2.1")).hasSize(1);
  }

  @Test
  void aLineWithoutDateIsOfNow() {
    assertThat(match(matcher("^bad <HOST>$"), "bad 192.0.2.1").get(0).time()).isEqualTo(NOW);
  }

  @Test
  void aLineWithoutDateIsOfTheLastLineWithinAMinute() {
    FilterSet matcher = matcher("bad <HOST>$");
    match(matcher, "2026-01-10T11:59:30Z bad luck");
    assertThat(match(matcher, "bad 192.0.2.1").get(0).time())
        .isEqualTo(Instant.parse("2026-01-10T11:59:30Z"));
    match(matcher, "2026-01-10T11:58:30Z bad luck");
    assertThat(match(matcher, "bad 192.0.2.1").get(0).time()).isEqualTo(NOW);
  }

  @Test
  void aDatepatternIsKeptTo() {
    Optional<String> pattern = Optional.of("^at %d\\.%m\\.%Y %H-%M-%S");
    assertThat(match(matcher(pattern, "^ bad <HOST>$"), "at 09.01.2026 03-31-46 bad 192.0.2.1"))
        .containsExactly(
            new Match(
                "192.0.2.1", Instant.parse("2026-01-09T02:31:46Z"), Optional.empty(), 0, false));
    assertThat(match(matcher(pattern, "bad <HOST>$"), "2026-01-09 03:31:46 bad 192.0.2.1"))
        .extracting(Match::time)
        .containsExactly(NOW);
    FilterSet none = matcher(Optional.of("{NONE}"), "^2026-01-09 bad <HOST>$");
    assertThat(match(none, "2026-01-09 bad 192.0.2.1"))
        .extracting(Match::time)
        .containsExactly(NOW);
  }

  @Test
  void hostTagsTakeWhatTheySay() {
    String[] hosts = {"192.0.2.1", "2001:db8::1", "mail.example.com"};
    assertThat(Arrays.stream(hosts).map(h -> match(matcher("^<HOST>$"), h).size()))
        .containsExactly(1, 1, 1);
    assertThat(Arrays.stream(hosts).map(h -> match(matcher("^<ADDR>$"), h).size()))
        .containsExactly(1, 1, 0);
    assertThat(Arrays.stream(hosts).map(h -> match(matcher("^<IP4>$"), h).size()))
        .containsExactly(1, 0, 0);
    assertThat(match(matcher("^<SUBNET>$"), "[2001:db8::]/32").isEmpty()).isTrue();
    assertThat(match(matcher("^<SUBNET>$"), "192.0.2.0/24").get(0).host())
        .isEqualTo("192.0.2.0/24");
    assertThat(match(matcher("^\\[<HOST>$"), "[::ffff:192.0.2.1").get(0).host())
        .isEqualTo("192.0.2.1");
  }

  @Test
  void onlyTheLineItselfIsLookedAt() {
    byte[] buffer = "xx bad 192.0.2.1yy".getBytes(StandardCharsets.UTF_8);
    assertThat(match(matcher("^bad <ADDR>$"), buffer, 3, 16)).hasSize(1);
  }

  @Test
  void bytesThatAreNoTextDoNoHarm() {
    FilterSet matcher = matcher("^ \\S+ bad <HOST>$");
    byte[] line =
        "Jan 10 03:31:46 \u00ff\u00fe\u0000 bad 192.0.2.1".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(match(matcher, line, 0, line.length)).hasSize(1);
    Random random = new Random(1);
    for (int i = 0; i < 2000; i++) {
      byte[] noise = new byte[random.nextInt(300)];
      random.nextBytes(noise);
      assertThat(match(matcher, noise, 0, noise.length)).isEmpty();
    }
  }

  @Test
  void onlyTheBeginningOfALongLineIsLookedAt() {
    String failure = " bad 192.0.2.1 ";
    FilterSet matcher = matcher("bad <ADDR> ");
    assertThat(match(matcher, "Jan 10 03:31:46" + failure + "a".repeat(10_000_000))).hasSize(1);
    assertThat(match(matcher, "Jan 10 03:31:46 " + "a".repeat(65_000) + failure)).hasSize(1);
    assertThat(match(matcher, "Jan 10 03:31:46 " + "a".repeat(66_000) + failure)).isEmpty();
  }

  @Test
  void anEndlessSearchIsGivenUpAndItsExpressionNamed() {
    FilterSet matcher = matcher("^ a*a*a*a*a*a*$ <HOST>", "^ bad <HOST>$");
    assertThatThrownBy(() -> match(matcher, "Jan 10 03:31:46 " + "a".repeat(60) + "! bad"))
        .isInstanceOf(TooManySteps.class)
        .hasMessageContaining("failregex = ^ a*a*a*a*a*a*$ <HOST>: ");
    assertThat(match(matcher, "Jan 10 03:31:46 bad 192.0.2.1")).hasSize(1);
  }

  @Test
  void tooDeepARecursionIsGivenUpToo() {
    FilterSet matcher = matcher("^ (?:a|b)*<HOST>!$");
    assertThatThrownBy(() -> match(matcher, "Jan 10 03:31:46 " + "ab".repeat(30_000)))
        .isInstanceOf(TooManySteps.class);
  }

  @Test
  void theRegexAtFaultIsNamed() {
    assertThatThrownBy(() -> matcher("<HOST> (")).hasMessageContaining("failregex = <HOST> (");
    assertThatThrownBy(() -> matcher("nobody")).hasMessageContaining("failregex = nobody");
  }

  @Test
  void whatAnEarlierLineSaidOfAConnectionIsKnown() {
    FilterSet matcher =
        matcher(
            new FilterDefinition(
                "test",
                Optional.of("^ <F-MLFID>id\\d+</F-MLFID>: <F-CONTENT>.+</F-CONTENT>$"),
                List.of(
                    "^<F-NOFAIL>connect</F-NOFAIL> <ADDR>",
                    "^wrong password of <F-USER>\\S+</F-USER>",
                    "^<F-MLFFORGET><F-MLFGAINED>welcome</F-MLFGAINED></F-MLFFORGET>"),
                List.of(),
                Optional.empty(),
                1,
                List.of(),
                List.of()));
    String date = "2026-01-10T11:59:30Z ";
    assertThat(match(matcher, date + "id1: connect 192.0.2.1")).isEmpty();
    assertThat(match(matcher, date + "id2: connect 192.0.2.2")).isEmpty();
    assertThat(match(matcher, date + "id1: wrong password of alice"))
        .extracting(Match::host, m -> m.user().orElse(""))
        .containsExactly(org.assertj.core.groups.Tuple.tuple("192.0.2.1", "alice"));
    assertThat(match(matcher, date + "id3: wrong password of alice")).isEmpty();
    assertThat(match(matcher, date + "id2: welcome")).isEmpty();
    assertThat(match(matcher, date + "id2: wrong password of alice")).isEmpty();
  }

  @Test
  void anIgnoreregexTakesAFailureBack() {
    FilterSet matcher =
        matcher(
            new FilterDefinition(
                "test",
                Optional.empty(),
                List.of("^bad <HOST>"),
                List.of("harmless$"),
                Optional.empty(),
                1,
                List.of(),
                List.of()));
    assertThat(match(matcher, "bad 192.0.2.1 harmless")).isEmpty();
    assertThat(match(matcher, "bad 192.0.2.1")).hasSize(1);
  }
}
