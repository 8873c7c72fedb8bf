package io.banstream.jails;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
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

  private static LineMatcher matcher(Optional<String> datepattern, String... failregex) {
    return LineMatcher.compile(
        new FilterDefinition(
            "test", Optional.empty(), List.of(failregex), List.of(), datepattern, 1, List.of()),
        ZURICH);
  }

  private static LineMatcher matcher(String... failregex) {
    return matcher(Optional.empty(), failregex);
  }

  private static List<Match> match(LineMatcher matcher, String line) {
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    return matcher.match(bytes, 0, bytes.length, NOW);
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
        .containsExactly(new Match("192.0.2.1", time, Optional.empty(), 0));
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
    LineMatcher matcher = matcher("bad <HOST>$");
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
            new Match("192.0.2.1", Instant.parse("2026-01-09T02:31:46Z"), Optional.empty(), 0));
    assertThat(match(matcher(pattern, "bad <HOST>$"), "2026-01-09 03:31:46 bad 192.0.2.1"))
        .extracting(Match::time)
        .containsExactly(NOW);
    LineMatcher none = matcher(Optional.of("{NONE}"), "^2026-01-09 bad <HOST>$");
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
    assertThat(matcher("^bad <ADDR>$").match(buffer, 3, 16, NOW)).hasSize(1);
  }

  @Test
  void bytesThatAreNoTextDoNoHarm() {
    LineMatcher matcher = matcher("^ \\S+ bad <HOST>$");
    byte[] line =
        "Jan 10 03:31:46 \u00ff\u00fe\u0000 bad 192.0.2.1".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(matcher.match(line, 0, line.length, NOW)).hasSize(1);
    Random random = new Random(1);
    for (int i = 0; i < 2000; i++) {
      byte[] noise = new byte[random.nextInt(300)];
      random.nextBytes(noise);
      assertThat(matcher.match(noise, 0, noise.length, NOW)).isEmpty();
    }
  }

  @Test
  void aLineOfTenMegabytesIsSoonDone() {
    byte[] line = new byte[10_000_000];
    Arrays.fill(line, (byte) 'a');
    byte[] head = "Jan 10 03:31:46 bad 192.0.2.1 ".getBytes(StandardCharsets.UTF_8);
    System.arraycopy(head, 0, line, 0, head.length);
    LineMatcher matcher = matcher("bad <ADDR> ");
    long start = System.nanoTime();
    assertThat(matcher.match(line, 0, line.length, NOW)).hasSize(1);
    assertThat(System.nanoTime() - start).isLessThan(5_000_000_000L);
  }

  @Test
  void anEndlessSearchIsGivenUpAndCounted() {
    LineMatcher matcher = matcher("^ a*a*a*a*a*a*$ <HOST>", "^ bad <HOST>$");
    assertThat(match(matcher, "Jan 10 03:31:46 " + "a".repeat(60) + "!")).isEmpty();
    assertThat(matcher.overLimit()).isEqualTo(1);
    assertThat(match(matcher, "Jan 10 03:31:46 bad 192.0.2.1")).hasSize(1);
    assertThat(matcher.overLimit()).isEqualTo(1);
  }

  @Test
  void tooDeepARecursionIsGivenUpToo() {
    LineMatcher matcher = matcher("^ (?:a|b)*<HOST>!$");
    assertThat(match(matcher, "Jan 10 03:31:46 " + "ab".repeat(30_000))).isEmpty();
    assertThat(matcher.overLimit()).isEqualTo(1);
  }

  @Test
  void theRegexAtFaultIsNamed() {
    assertThatThrownBy(() -> matcher("<HOST> (")).hasMessageContaining("failregex = <HOST> (");
    assertThatThrownBy(() -> matcher("nobody")).hasMessageContaining("failregex = nobody");
  }

  @Test
  void whatAnEarlierLineSaidOfAConnectionIsKnown() {
    LineMatcher matcher =
        LineMatcher.compile(
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
                List.of()),
            ZURICH);
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
    LineMatcher matcher =
        LineMatcher.compile(
            new FilterDefinition(
                "test",
                Optional.empty(),
                List.of("^bad <HOST>"),
                List.of("harmless$"),
                Optional.empty(),
                1,
                List.of()),
            ZURICH);
    assertThat(match(matcher, "bad 192.0.2.1 harmless")).isEmpty();
    assertThat(match(matcher, "bad 192.0.2.1")).hasSize(1);
  }
}
