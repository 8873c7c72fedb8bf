package io.banstream.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The installed fail2ban-regex beside {@code match}, on fail2ban's own samples: the same lines,
 * matches and dates are counted. Of filters with {@code maxlines} fail2ban-regex counts the lines
 * before a match as matched too; they are not compared.
 */
class Fail2banRegexIT {
  private static final Path COMMAND = Path.of("/usr/bin/fail2ban-regex");
  private static final String CONFIG = "/etc/fail2ban";
  private static final Path SAMPLES =
      Path.of("/usr/lib/python3/dist-packages/fail2ban/tests/files/logs");

  @TempDir Path folder;

  /**
   * What is told of a log.
   *
   * @param hits by expression, those of failregex before those of ignoreregex
   * @param dates lines by their date's form, the most first
   */
  private record Told(String lines, List<String> hits, List<Long> dates) {}

  @BeforeEach
  void needsFail2ban() {
    assumeTrue(Files.isExecutable(COMMAND), "needs fail2ban-regex");
    assumeTrue(Files.isDirectory(SAMPLES), "needs Debian's fail2ban with its samples");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postfix",
        "postfix[mode=aggressive]",
        "postfix[mode=auth]",
        "dovecot",
        "dovecot[mode=aggressive]",
        "exim[mode=aggressive]",
        "sendmail-reject",
        "dropbear",
        "courier-auth",
        "cyrus-imap",
        "sieve",
        "apache-auth",
        "named-refused",
        "recidive"
      })
  void tellsWhatFail2banRegexTells(String filter) throws Exception {
    Path log = log(filter);
    assertThat(ours("--filter", filter, log)).isEqualTo(theirs(filter, log));
  }

  /**
   * fail2ban-regex takes two lines for ignored that fail2ban bans for: an expression behind the one
   * that made the match says that it is no failure.
   */
  @ParameterizedTest
  @ValueSource(strings = {"sshd", "sshd[mode=aggressive]"})
  void aLineIsWhatItsFirstMatchSays(String filter) throws Exception {
    Path log = log(filter);
    Told ours = ours("--filter", filter, log);
    Told theirs = theirs(filter, log);
    assertThat(ours.hits()).isEqualTo(theirs.hits());
    assertThat(ours.dates()).isEqualTo(theirs.dates());
    assertThat(number(ours.lines(), "missed")).isEqualTo(number(theirs.lines(), "missed"));
    assertThat(number(ours.lines(), "matched")).isEqualTo(number(theirs.lines(), "matched") + 2);
  }

  @Test
  void tellsTheSameOfOneExpression() throws Exception {
    Path log = log("postfix");
    String regex = "RCPT from \\S+\\[<HOST>\\]";
    assertThat(ours("--failregex", regex, log)).isEqualTo(theirs(regex, log));
  }

  /** fail2ban-regex leaves a last line without its end out. */
  private Path log(String filter) throws IOException {
    byte[] bytes = Files.readAllBytes(SAMPLES.resolve(filter.replaceAll("\\[.*", "")));
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    String whole = text.endsWith("\n") ? text : text + "\n";
    return Files.write(folder.resolve("log"), whole.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static Told ours(String option, String value, Path log) {
    String text = Cli.run("match", "--config", CONFIG, option, value, log.toString()).out();
    return told(
        text,
        "(?m)^ +(\\d+)  #(\\d+)  ",
        2,
        1,
        "Date templates:",
        "(?m)^ +(\\d+)  (?!\\(no date\\))");
  }

  private Told theirs(String regex, Path log) throws Exception {
    Path out = folder.resolve("theirs");
    Process process =
        new ProcessBuilder(COMMAND.toString(), "-c", CONFIG, "-r", log.toString(), regex)
            .redirectErrorStream(true)
            .redirectOutput(out.toFile())
            .start();
    assertThat(process.waitFor()).isZero();
    String text = Files.readString(out, StandardCharsets.ISO_8859_1);
    return told(
        text,
        "(?m)^\\| +(\\d+)\\) \\[(\\d+)\\] ",
        1,
        2,
        "Date template hits:",
        "(?m)^\\|  \\[(\\d+)\\] ");
  }

  private static Told told(
      String text, String hit, int number, int count, String beforeDates, String date) {
    int dates = text.indexOf(beforeDates);
    int lines = text.indexOf("\nLines: ") + 1;
    assertThat(dates).as(text).isPositive();
    assertThat(lines).as(text).isPositive();
    List<String> hits = new ArrayList<>();
    Matcher m = Pattern.compile(hit).matcher(text.substring(0, dates));
    while (m.find()) {
      hits.add(m.group(number) + ": " + m.group(count));
    }
    List<Long> counts = new ArrayList<>();
    m = Pattern.compile(date).matcher(text.substring(dates, text.indexOf("\n\n", dates)));
    while (m.find()) {
      counts.add(Long.parseLong(m.group(1)));
    }
    counts.sort(null);
    return new Told(text.substring(lines, text.indexOf('\n', lines)), hits, counts);
  }

  private static long number(String lines, String word) {
    TreeMap<String, Long> numbers = new TreeMap<>();
    Matcher m = Pattern.compile("(\\d+) (\\w+)").matcher(lines);
    while (m.find()) {
      numbers.put(m.group(2), Long.parseLong(m.group(1)));
    }
    return numbers.get(word);
  }
}
