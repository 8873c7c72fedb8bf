package io.banstream.jails;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilterSetTest {
  private static final Instant NOW = Instant.parse("2026-11-25T06:00:00Z");
  private static final MatchSettings SETTINGS = new MatchSettings(ZoneOffset.UTC, "auto");
  private static final List<String> BUILT_IN =
      List.of("postfix-sasl", "postfix", "dovecot", "sshd", "recidive");

  @TempDir Path empty;

  private static FilterDefinition filter(Optional<String> datepattern, String... failregex) {
    return new FilterDefinition(
        "test",
        Optional.empty(),
        List.of(failregex),
        List.of(),
        datepattern,
        1,
        List.of(),
        List.of());
  }

  private static FilterSet set(FilterDefinition... filters) {
    return new FilterSet(Stream.of(filters).map(f -> LineMatcher.compile(f, SETTINGS)).toList());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** The lines that come to the filters. */
  private static List<String> lines(FilterSet set, String log) {
    List<String> lines = new ArrayList<>();
    byte[] buf = bytes(log);
    set.scan(
        buf,
        0,
        buf.length,
        l ->
            lines.add(
                l.number()
                    + " "
                    + new String(l.buf(), l.from(), l.to() - l.from(), StandardCharsets.UTF_8)));
    return lines;
  }

  @Test
  void givesTheLinesThatHoldTheWordsOfAnExpression() {
    FilterSet set = set(filter(Optional.empty(), "^ bad login <HOST>", "worse .* <HOST>"));
    assertThat(lines(set, "bad luck\nbad login\r\n\nlogin\nworse\nbadlogin"))
        .containsExactly("2 bad login", "5 worse", "6 badlogin");
    assertThat(set.lines()).isEqualTo(6);
    assertThat(lines(set, "\n\0\0worse\n")).containsExactly("8 worse");
    assertThat(lines(set, "")).isEmpty();
    assertThat(set.lines()).isEqualTo(8);
  }

  @Test
  void givesEveryLineWhereAnExpressionNeedsNoWord() {
    FilterSet set =
        set(filter(Optional.empty(), "^ bad <HOST>"), filter(Optional.empty(), "<HOST>"));
    assertThat(lines(set, "a\n\nb\r\n\0c")).containsExactly("1 a", "2 ", "3 b", "4 c");
  }

  @Test
  void stopsBehindTheLineAtWhichItIsTold() {
    byte[] log = bytes("x\nbad 1\nx\nbad 2\n");
    FilterSet set = set(filter(Optional.empty(), "bad <HOST>"));
    FilterSet.Taker once =
        new FilterSet.Taker() {
          @Override
          public void take(LogLine line) {
            assertThat(line.number()).isIn(2L, 4L);
          }

          @Override
          public boolean wantsMore() {
            return false;
          }
        };
    assertThat(set.scan(log, 0, log.length, once)).isEqualTo("x\nbad 1\n".length());
    assertThat(set.lines()).isEqualTo(2);
    assertThat(set.scan(log, 8, log.length, once)).isEqualTo(log.length);
    assertThat(set.lines()).isEqualTo(4);
  }

  @Test
  void aLineWithoutDateIsOfTheLineBeforeItAlsoIfNobodyLookedAtThat() {
    for (int filler : new int[] {0, 500, 2000}) {
      FilterSet set = set(filter(Optional.empty(), "bad <HOST>"));
      byte[] earlier = bytes("x".repeat(filler) + "\n2026-11-25T05:59:30Z nothing\nnor here\n");
      set.scan(earlier, 0, earlier.length, l -> assertThat(l).isNull());
      List<Match> found = new ArrayList<>();
      byte[] line = bytes("bad 192.0.2.1\n");
      set.scan(line, 0, line.length, l -> found.addAll(l.match(0, NOW)));
      assertThat(found)
          .extracting(Match::time)
          .containsExactly(Instant.parse("2026-11-25T05:59:30Z"));
    }
  }

  @Test
  void noWordComesAboutByADatesGoing() {
    String[] patterns = {"\\[%Y-%m-%d\\]", "**%Y-%m-%d**", "{UNB}%Y-%m-%d"};
    String[] dates = {"[2026-11-20]", "2026-11-20", "2026-11-20"};
    for (int i = 0; i < patterns.length; i++) {
      FilterSet set = set(filter(Optional.of(patterns[i]), "^pass?x?word <HOST>"));
      byte[] line = bytes("pass" + dates[i] + "word 192.0.2.1");
      List<Match> found = new ArrayList<>();
      set.scan(line, 0, line.length, l -> found.addAll(l.match(0, NOW)));
      assertThat(found).as(patterns[i]).extracting(Match::host).containsExactly("192.0.2.1");
    }
  }

  @Test
  void whereDatesAreAtTheBeginningWordsWithBlanksAreLookedFor() {
    FilterSet set = set(filter(Optional.of("{^LN-BEG}"), "bad login of <HOST>"));
    assertThat(lines(set, "bad and login of\nNov 25 03:31:46 bad login of x\n"))
        .containsExactly("2 Nov 25 03:31:46 bad login of x");
    FilterSet anywhere = set(filter(Optional.of("{DEFAULT}"), "bad login of <HOST>"));
    assertThat(lines(anywhere, "bad +00:00 Jan 23 21:59:59 login of 192.0.2.1")).hasSize(1);
  }

  @Test
  void usualDatesLeaveLinesOut() {
    for (String pattern :
        List.of(
            "{^LN-BEG}",
            "^[^\\[]*\\[({DATE})",
            "^%Y-%m-%d",
            "%Y %m %d(?:T| {1,2})%H:%M:%S(?:\\.%f)?(?:\\s*%z)?",
            "EPOCH",
            "{NONE}",
            "TAI64N")) {
      FilterSet set = set(filter(Optional.of(pattern), "password <HOST>"));
      assertThat(lines(set, "nothing\n")).as(pattern).isEmpty();
    }
  }

  @Test
  void logsInOtherBytesThanAsciisAreLookedAtAsAWhole() {
    FilterDefinition filter = filter(Optional.of("{NONE}"), "bad <HOST>");
    for (String charset : List.of("Shift_JIS", "ISO-2022-JP", "ISO-8859-15")) {
      FilterSet set =
          new FilterSet(
              List.of(LineMatcher.compile(filter, new MatchSettings(ZoneOffset.UTC, charset))));
      byte[] line = "bad 192.0.2.1".getBytes(java.nio.charset.Charset.forName(charset));
      List<Match> found = new ArrayList<>();
      set.scan(line, 0, line.length, l -> found.addAll(l.match(0, NOW)));
      assertThat(found).as(charset).hasSize(1);
    }
  }

  /** How lines are looked at: with the date that they have, or without. */
  private enum Kind {
    DATED,
    UNDATED
  }

  /** What each filter finds in each line if it looks at all of them, all its expressions tried. */
  private static List<String> alone(Kind kind, List<FilterDefinition> filters, List<byte[]> lines) {
    List<String> found = new ArrayList<>();
    List<LineMatcher> matchers = compile(filters);
    for (int i = 0; i < lines.size(); i++) {
      for (int f = 0; f < filters.size(); f++) {
        LineMatcher matcher = matchers.get(f);
        BitSet all = new BitSet();
        all.set(0, filters.get(f).failregex().size());
        byte[] line = lines.get(i);
        LogLine whole =
            new LogLine(line, 0, line.length, i + 1, List.of(), List.of(), new LinesBefore());
        found.addAll(
            found(
                i + 1,
                f,
                () ->
                    kind == Kind.DATED
                        ? matcher.match(whole, all, NOW)
                        : matcher.matchUndated(whole, all, NOW)));
      }
    }
    return found;
  }

  private static List<String> together(
      Kind kind, List<FilterDefinition> filters, List<byte[]> lines) {
    List<String> found = new ArrayList<>();
    FilterSet set = new FilterSet(compile(filters));
    Random random = new Random(3);
    for (int i = 0; i < lines.size(); ) {
      ByteArrayOutputStream piece = new ByteArrayOutputStream();
      for (int end = Math.min(lines.size(), i + random.nextInt(300)); i < end; i++) {
        piece.writeBytes(lines.get(i));
        piece.writeBytes(bytes(random.nextInt(9) == 0 ? "\r\n" : "\n"));
      }
      set.scan(
          piece.toByteArray(),
          0,
          piece.size(),
          line -> {
            for (int f = 0; f < filters.size(); f++) {
              int filter = f;
              found.addAll(
                  found(
                      line.number(),
                      f,
                      () ->
                          kind == Kind.DATED
                              ? line.match(filter, NOW)
                              : line.matchUndated(filter, NOW)));
            }
          });
    }
    assertThat(set.lines()).isEqualTo(lines.size());
    return found;
  }

  private static void assertNoDifference(
      Kind kind, List<FilterDefinition> filters, List<byte[]> lines) {
    List<String> alone = alone(kind, filters, lines);
    List<String> together = together(kind, filters, lines);
    List<String> missed = new ArrayList<>(alone);
    missed.removeAll(new HashSet<>(together));
    List<String> added = new ArrayList<>(together);
    added.removeAll(new HashSet<>(alone));
    assertThat(missed).as("found alone, not together; the other way round: " + added).isEmpty();
    assertThat(together).isEqualTo(alone).hasSizeGreaterThan(200);
  }

  private static List<LineMatcher> compile(List<FilterDefinition> filters) {
    return filters.stream().map(f -> LineMatcher.compile(f, SETTINGS)).toList();
  }

  private static List<String> found(
      long line, int filter, java.util.function.Supplier<List<Match>> work) {
    try {
      return work.get().stream().map(m -> line + " " + filter + " " + m).toList();
    } catch (TooManySteps e) {
      return List.of(line + " " + filter + " " + e.getMessage());
    }
  }

  private static final String[] PIECES = {
    " ",
    "\u00e9",
    "\u017fsh",
    "\u212a",
    "\u0131",
    "failed",
    "Nov 25 03:31:46 ",
    "[",
    "<",
    "]",
    ": ",
    "@4000000050d506482dbdf024",
    "2026-11-25 05:59:58",
    "192.0.2.1",
    "2001:db8::1",
    "\0",
    "\u20ac"
  };

  /** Lines that are nearly those given: parts left out, doubled, put in, of other lines. */
  private static List<byte[]> mutated(List<String> lines, int count, Random random) {
    List<byte[]> mutated = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      StringBuilder line = new StringBuilder(lines.get(random.nextInt(lines.size())));
      for (int n = random.nextInt(4); n > 0; n--) {
        int at = random.nextInt(line.length() + 1);
        int end = Math.min(line.length(), at + random.nextInt(12));
        String other = lines.get(random.nextInt(lines.size()));
        switch (random.nextInt(6)) {
          case 0 -> line.delete(at, end);
          case 1 -> line.insert(at, line.substring(at, end));
          case 2 -> line.insert(at, PIECES[random.nextInt(PIECES.length)]);
          case 3 -> line.replace(at, line.length(), other.substring(Math.min(at, other.length())));
          case 4 ->
              line.replace(at, end, line.substring(at, end).toUpperCase(java.util.Locale.ROOT));
          default ->
              line.replace(at, end, line.substring(at, end).toLowerCase(java.util.Locale.ROOT));
        }
      }
      String text = line.toString().replaceAll("[\r\n]|^\0+", "");
      byte[] raw = bytes(text);
      if (raw.length > 0 && random.nextInt(20) == 0) {
        raw[random.nextInt(raw.length)] = (byte) (0x80 + random.nextInt(128));
      }
      mutated.add(raw);
    }
    return mutated;
  }

  private static FilterDefinition dated(String datepattern, FilterDefinition filter) {
    return new FilterDefinition(
        filter.name(),
        filter.prefregex(),
        filter.failregex(),
        filter.ignoreregex(),
        Optional.of(datepattern),
        filter.maxlines(),
        filter.journalmatch(),
        List.of());
  }

  @Test
  void builtInFiltersTogetherFindWhatEachAloneFinds() throws Exception {
    List<FilterDefinition> filters = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    for (String name : BUILT_IN) {
      FilterDefinition filter = Configuration.filter(empty, name);
      filters.add(filter);
      filters.add(dated("{^LN-BEG}", filter));
      List<String> rows = Table.lines("cases/" + name + ".txt");
      for (int i = 0; i < rows.size(); i += 2) {
        lines.add(rows.get(i));
      }
    }
    assertNoDifference(Kind.DATED, filters, mutated(lines, 10_000, new Random(4)));
  }

  @Test
  void fail2bansFiltersTogetherFindWhatEachAloneFinds() throws Exception {
    Path samples =
        Path.of(System.getProperty("banstream.root"), "..", "shared", "fail2ban-samples");
    assumeTrue(Files.isDirectory(samples), "skipped: no ../shared/fail2ban-samples");
    SamplesTest.copyFilters(samples, empty);
    List<FilterDefinition> filters = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    LineDates dates = new LineDates(Optional.empty(), ZoneOffset.UTC);
    try (Stream<Path> list = Files.list(samples)) {
      for (Path file : list.filter(f -> f.toString().endsWith(".jsonl")).sorted().toList()) {
        filters.add(
            Configuration.filter(empty, file.getFileName().toString().replace(".jsonl", "")));
        for (String line : Files.readAllLines(file)) {
          String text = new ObjectMapper().readTree(line).get("line").asText();
          lines.add(
              dates
                  .take(new StepLimit(text), List::of, NOW)
                  .rest()
                  .toString()
                  .replaceFirst("\n$", ""));
        }
      }
    }
    assertNoDifference(Kind.UNDATED, filters, mutated(lines, 1500, new Random(5)));
  }
}
