package io.banstream.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.banstream.standalone.Cli.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code match} without a configuration, and with values of the command line. */
class MatchOptionsTest {
  private static final String BAD = "2026-11-25 03:31:46 bad login of alice from 192.0.2.1";
  private static final String REGEX = "bad login of <F-USER>\\S+</F-USER> from <HOST>$";

  @TempDir Path folder;

  private static Result match(String... args) {
    List<String> all = new ArrayList<>(List.of("match", "--timezone", "Z"));
    all.addAll(List.of(args));
    return Cli.run(all.toArray(String[]::new));
  }

  @Test
  void oneExpressionIsTriedOnOneLine() {
    Result result = match("--failregex", REGEX, "--line", BAD, "--format", "json");
    assertThat(result)
        .isEqualTo(
            new Result(
                0,
                "{\"line\":1,\"address\":\"192.0.2.1\",\"time\":1795577506,"
                    + "\"user\":\"alice\",\"jail\":\"command-line\"}\n",
                ""));
  }

  @Test
  void linesOfTheJournalHaveAHeadOfTheirOwn() throws Exception {
    Path filters = Files.createDirectories(folder.resolve("filter.d"));
    Files.writeString(filters.resolve("x.conf"), "[Definition]\nfailregex = ^<logtype> <HOST>$\n");
    String[] lines = {"--config", folder.toString(), "--format", "json", "--now", "7"};
    List<String> journal = new ArrayList<>(List.of(lines));
    journal.addAll(List.of("--journal", "--line", "journal 192.0.2.1", "--line", "file 192.0.2.2"));
    journal.addAll(List.of("--filter", "x"));
    assertThat(match(journal.toArray(String[]::new)).out())
        .isEqualTo(
            "{\"line\":1,\"address\":\"192.0.2.1\",\"time\":7,\"user\":null,\"jail\":\"x\"}\n");
    journal.set(journal.size() - 1, "x[logtype=file]");
    assertThat(match(journal.toArray(String[]::new)).out()).contains("\"line\":2");
  }

  @Test
  void tellsWhatFail2banRegexTells() throws Exception {
    String log = "# a comment\n\n" + BAD + "\nbad login of bob from 192.0.2.2\n" + BAD + ".\n";
    Path file = Files.writeString(folder.resolve("log"), log);
    Result result =
        match(
            "--failregex",
            "nothing like it <HOST>",
            "--failregex",
            REGEX,
            "--failregex",
            "from <HOST>$",
            "--ignoreregex",
            "of bob",
            file.toString());
    assertThat(result.out().replaceFirst("Time: \\d+\\.\\d\\d s", "Time: ?"))
        .isEqualTo(
            """
            Filter command-line

            Failregex: 2 total
                    1  #2  %s
                    1  #3  from <HOST>$

            Ignoreregex: 2 total
                    2  #1  of bob

            Date templates:
                    2  {^LN-BEG}%%ExY(?P<_sep>[-/.])%%m(?P=_sep)%%d(?:T| {1,2})%%H:%%M:%%S(?:[.,]%%f)?(?:\\s*%%z)?
                    1  (no date)

            Addresses (failures, address): 1
                    1  192.0.2.1

            Lines: 3 lines, 1 ignored, 1 matched, 1 missed
            Empty lines and comments, not tried: 2
            Time: ?

            Missed lines:
                           5  %s.

            Ignored lines:
                           4  bad login of bob from 192.0.2.2
            """
                .formatted(REGEX, BAD));
  }

  @Test
  void verboseTellsWhatWasCapturedAndWhatMatchedNothing() {
    Result result =
        match("--failregex", REGEX, "--failregex", "no <HOST>", "--line", BAD, "--verbose");
    assertThat(result.out())
        .startsWith("captured       1  #1 2026-11-25T03:31:46Z ip4=192.0.2.1 user=alice\n")
        .contains("        0  #2  no <HOST>\n");
  }

  @Test
  void everyLineIsShownAsItComesWhereAllAreAskedFor() throws Exception {
    Path log = Files.writeString(folder.resolve("log"), (BAD + "\nother\n").repeat(30));
    Result few = match("--failregex", REGEX, log.toString());
    assertThat(few.out()).endsWith("Missed lines: too many to show; --print-all-missed does\n");
    Result all =
        match("--failregex", REGEX, "--print-all-missed", "--print-all-matched", log.toString());
    assertThat(all.out())
        .startsWith("matched        1  " + BAD + "\nmissed         2  other\nmatched        3  ");
    assertThat(all.out().lines().filter(l -> l.matches("(matched|missed ) .*"))).hasSize(60);
  }

  @Test
  void whatAnAttackerWroteDoesNothingToTheTerminal() throws Exception {
    byte[] hostile = "x\u001b[2J\u009b31m\u202e".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    byte[] log = new byte[hostile.length + 1];
    System.arraycopy(hostile, 0, log, 0, hostile.length);
    log[hostile.length] = (byte) 0xff;
    Path file = Files.write(folder.resolve("log"), log);
    assertThat(match("--failregex", REGEX, file.toString()).out())
        .endsWith("               1  x\uFFFD[2J\uFFFD31m\uFFFD\uFFFD\n");
  }

  @Test
  void theFiltersOwnValuesGiveWay() {
    String line = "at 25.11.2026 03-31-46 bad login of alice from 192.0.2.1";
    Result result =
        match(
            "--filter", "dovecot",
            "--prefregex", "",
            "--failregex", "^ bad login of \\S+ from <HOST>$",
            "--datepattern", "^at %d\\.%m\\.%Y %H-%M-%S",
            "--format", "json",
            "--line", line);
    assertThat(result.out())
        .isEqualTo(
            "{\"line\":1,\"address\":\"192.0.2.1\",\"time\":1795577506,"
                + "\"user\":null,\"jail\":\"dovecot\"}\n");
  }

  @Test
  void severalLinesAreLookedAtTogether() {
    Result result =
        match(
            "--failregex", "^ first <HOST>$<SKIPLINES>^ last$",
            "--maxlines", "3",
            "--line", "2026-11-25 03:31:46 first 192.0.2.1",
            "--line", "2026-11-25 03:31:46 between",
            "--line", "2026-11-25 03:31:46 last");
    assertThat(result.out()).contains("Lines: 3 lines, 0 ignored, 1 matched, 2 missed\n");
  }

  @Test
  void theLogIsOfTheEncodingThatIsNamed() throws Exception {
    byte[] log = "bad login of j\u00fcrg from 192.0.2.1".getBytes("ISO-8859-1");
    Path file = Files.write(folder.resolve("log"), log);
    Result result =
        match("--failregex", REGEX, "--encoding", "latin1", "--format", "json", file.toString());
    assertThat(result.out()).contains("\"user\":\"j\u00fcrg\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --failregex   | ^(<HOST>  | --failregex: failregex = ^(<HOST>: a ( is not closed
          --failregex   | no host   | --failregex: failregex = no host: no <HOST> or the like says whose failure it is
          --ignoreregex | [a        | --ignoreregex: ignoreregex = [a: a [ is not closed
          --prefregex   | (a        | --prefregex: prefregex = (a: a ( is not closed
          --datepattern | %Q        | --datepattern: datepattern = %Q: %Q is no part of a date
          --maxlines    | 0         | --maxlines: maxlines = 0, expected 1 to 9999
          --encoding    | klingon   | --encoding = klingon, expected auto or a character set
          --config      | /dev/none | /dev/none: no such folder
          """)
  void anOptionThatCantBeUsedIsNamedInOneLine(String option, String value, String told) {
    assertThat(match("--filter", "sshd", option, value, "--line", BAD))
        .isEqualTo(new Result(2, "", "banstream match: " + told + "\n"));
  }

  @Test
  void aLogAndAFilterAreNeeded() {
    assertThat(match("--filter", "sshd").exit()).isEqualTo(2);
    assertThat(match("--line", BAD))
        .isEqualTo(new Result(2, "", "banstream match: expected --filter, --failregex or both\n"));
    assertThat(match("--filter", "sshd", "--line", BAD, "log").err()).hasLineCount(1);
  }

  @Test
  void linesAreForPeople() {
    assertThat(match("--filter", "sshd", "--line", BAD, "--format", "json", "--print-all-missed"))
        .isEqualTo(new Result(2, "", "banstream match: --print-... is for --format text\n"));
  }
}
