package io.banstream.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.banstream.standalone.Cli.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MatchAndReplayTest {
  private static final String SASL =
      "Nov 25 03:31:%02d relay postfix/smtpd[1]: warning: unknown[192.0.2.1]: SASL PLAIN"
          + " authentication failed: (reason unavailable), sasl_username=alice\n";
  private static final String HONEST =
      "Nov 25 03:31:50 relay postfix/smtpd[1]: connect from unknown[192.0.2.9]\n";

  @TempDir Path folder;
  private Path log;

  @BeforeEach
  void write() throws Exception {
    log = Files.writeString(folder.resolve("maillog"), HONEST + String.format(SASL, 46));
    Files.writeString(
        folder.resolve("jail.local"),
        """
        [DEFAULT]
        bantime = 600
        findtime = 300
        maxretry = 3
        [postfix-sasl]
        enabled = true
        port = smtp
        logpath = /var/log/maillog
        """);
  }

  @Test
  void matchGivesAnObjectAFailure() {
    Result result =
        Cli.run(
            "match",
            "--config",
            folder.toString(),
            "--filter",
            "postfix-sasl",
            "--format",
            "json",
            "--timezone",
            "Z",
            "--now",
            "1795577520",
            log.toString());
    assertThat(result)
        .isEqualTo(
            new Result(
                0,
                "{\"line\":2,\"address\":\"192.0.2.1\",\"time\":1795577506,"
                    + "\"user\":\"alice\",\"jail\":\"postfix-sasl\"}\n",
                ""));
  }

  @Test
  void matchSumsUpForPeople() {
    Result result =
        Cli.run("match", "--config", folder.toString(), "--filter", "postfix-sasl", log.toString());
    assertThat(result.exit()).isZero();
    assertThat(result.out())
        .startsWith("Filter postfix-sasl\n")
        .contains("Addresses (failures, address): 1\n        1  192.0.2.1\n")
        .contains("\nLines: 2 lines, 0 ignored, 1 matched, 1 missed\n")
        .endsWith("\nMissed lines:\n               1  " + HONEST);
  }

  @Test
  void matchNamesALogThatIsMissing() {
    String none = folder.resolve("none").toString();
    Result result =
        Cli.run("match", "--config", folder.toString(), "--filter", "postfix-sasl", none);
    assertThat(result)
        .isEqualTo(new Result(2, "", "banstream match: " + none + ": no such file or folder\n"));
  }

  @Test
  void replayMergesTheHostsLogsByTime() throws Exception {
    Path one = Files.writeString(folder.resolve("one"), failures(46, 52));
    Path two = Files.writeString(folder.resolve("two"), failures(49));
    Result result =
        Cli.run(
            "replay",
            "--config",
            folder.toString(),
            "--format",
            "json",
            "--timezone",
            "Z",
            "--now",
            "1795577520",
            "--host",
            "relay2=" + two,
            "--host",
            "relay1=" + one);
    assertThat(result)
        .isEqualTo(
            new Result(
                0,
                "{\"jail\":\"postfix-sasl\",\"address\":\"192.0.2.1\",\"time\":1795577512,"
                    + "\"until\":1795578112,\"failures\":3,\"hosts\":[\"relay1\",\"relay2\"]}\n",
                ""));
  }

  @Test
  void aFolderInPlaceOfALogIsNamed() {
    assertThat(
            Cli.run(
                "match",
                "--config",
                folder.toString(),
                "--filter",
                "postfix-sasl",
                folder.toString()))
        .isEqualTo(new Result(2, "", "banstream match: " + folder + ": is a folder\n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"relay1", "relay1=", "=maillog", "a b=maillog"})
  void replayNeedsAHostAndItsLog(String host) {
    Result refused = Cli.run("replay", "--config", folder.toString(), "--host", host);
    assertThat(refused.exit()).isEqualTo(2);
    assertThat(refused.err()).contains("'--host'").hasLineCount(1);
  }

  @Test
  void replayReadsEveryLogOfAHost() throws Exception {
    Path old = Files.writeString(folder.resolve("maillog.1"), failures(46, 49));
    Path now = Files.writeString(folder.resolve("maillog"), failures(52));
    Result result =
        Cli.run(
            "replay",
            "--config",
            folder.toString(),
            "--host",
            "relay1=" + old,
            "--host",
            "relay1=" + now);
    assertThat(result.out()).endsWith(": 3 failures on relay1\n").hasLineCount(1);
  }

  private static String failures(int... seconds) {
    StringBuilder text = new StringBuilder();
    for (int second : seconds) {
      text.append(String.format(SASL, second));
    }
    return text.toString();
  }
}
