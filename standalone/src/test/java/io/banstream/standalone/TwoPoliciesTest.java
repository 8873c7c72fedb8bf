package io.banstream.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.banstream.standalone.Cli.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code replay} of two policies. */
class TwoPoliciesTest {
  private static final String CONFIG =
      """
      [DEFAULT]
      bantime = 600
      findtime = 300
      maxretry = 3
      ignoreip = 198.51.100.0/24
      [postfix-sasl]
      enabled = true
      port = smtp
      logpath = /var/log/maillog
      """;

  @TempDir Path folder;
  private Path log;

  @BeforeEach
  void write() throws Exception {
    Files.writeString(folder.resolve("jail.local"), CONFIG);
    log =
        Files.writeString(
            folder.resolve("maillog"),
            failure("03:31:00", "192.0.2.1")
                + failure("03:31:10", "192.0.2.1")
                + failure("03:31:15", "198.51.100.7")
                + failure("03:31:20", "192.0.2.1")
                + failure("03:31:30", "192.0.2.1")
                + failure("03:32:00", "192.0.2.2")
                + failure("03:32:30", "192.0.2.2")
                + failure("03:33:00", "192.0.2.3"));
  }

  private static String failure(String time, String address) {
    return "2026-11-25T"
        + time
        + "Z relay postfix/smtpd[1]: warning: unknown["
        + address
        + "]: SASL PLAIN authentication failed: (reason unavailable), sasl_username=alice\n";
  }

  private Result replay(String... more) {
    List<String> args = new ArrayList<>(List.of("replay", "--config", folder.toString()));
    args.addAll(List.of("--timezone", "Z", "--now", "1795600000", "--host", "relay1=" + log));
    args.addAll(List.of(more));
    return Cli.run(args.toArray(String[]::new));
  }

  @Test
  void standSideBySide() {
    Result result = replay("--set", "postfix-sasl.maxretry=2");
    assertThat(result.err()).isEmpty();
    String rows =
        """
          failures                              7              7             +0
          failures in ignoreip                  1              1             +0
          let through                           6              5             -1
          bans                                  1              2             +1
          addresses banned                      1              2             +1
          failures to first ban               3.0            2.0           -1.0
          time to first ban                   20s            20s            +0s
          time banned                      10m 0s         20m 0s        +10m 0s
        """;
    assertThat(result.out())
        .isEqualTo(
            "A: %s\nB: %s postfix-sasl.maxretry=2\n\n".formatted(folder, folder)
                + "                                        A              B          B - A\n"
                + "postfix-sasl\n"
                + rows
                + "all jails\n"
                + rows
                + """

                Banned in A only (failures, bans, address): 0

                Banned in B only (failures, bans, address): 1
                        2     1  192.0.2.2
                """);
  }

  @Test
  void nothingIsSaidOfFirstBansWhereNobodyIsBanned() {
    assertThat(replay("--set", "postfix-sasl.maxretry=9").out())
        .contains("  failures to first ban               3.0              -              -\n")
        .contains("  time to first ban                   20s              -              -\n");
  }

  @Test
  void standSideBySideForPrograms() {
    String a =
        "\"failures\":7,\"ignored\":1,\"through\":6,\"bans\":1,\"addresses\":1,"
            + "\"failuresToBan\":3.0,\"secondsToBan\":20,\"secondsBanned\":600,\"forEver\":0";
    String b =
        "\"failures\":7,\"ignored\":1,\"through\":5,\"bans\":2,\"addresses\":2,"
            + "\"failuresToBan\":2.0,\"secondsToBan\":20,\"secondsBanned\":0,\"forEver\":2";
    String sides = ",\"a\":{" + a + "},\"b\":{" + b + "}}\n";
    assertThat(
            replay("--set", "DEFAULT.maxretry=2", "--set", "DEFAULT.bantime=-1", "--format", "json")
                .out())
        .isEqualTo(
            "{\"jail\":\"postfix-sasl\""
                + sides
                + "{\"jail\":null"
                + sides
                + "{\"only\":\"b\",\"address\":\"192.0.2.2\",\"failures\":2,\"bans\":1}\n");
  }

  @Test
  void eachHasItsOwnFilters() throws Exception {
    Path other = Files.createDirectory(folder.resolve("other"));
    Files.writeString(
        other.resolve("jail.local"),
        CONFIG + "failregex = ^.*unknown\\[<HOST>\\]: SASL PLAIN.*bob\n");
    assertThat(replay("--against", other.toString()).out())
        .contains("  failures                              7              0             -7\n")
        .contains("Banned in A only (failures, bans, address): 1\n        4     1  192.0.2.1\n");
  }

  @Test
  void recidiveCountsBans() {
    Result result =
        replay(
            "--set", "recidive.enabled=true",
            "--set", "recidive.maxretry=2",
            "--set", "DEFAULT.bantime=5",
            "--set", "postfix-sasl.maxretry=1");
    assertThat(result.out())
        .contains(
            "recidive\n  failures                              0              7             +7\n")
        .contains("  let through                           0              5             +5\n");
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-25T03:31:10Z, 2026-11-25T03:31:30Z, 2",
    "2026-11-25, 2026-11-26, 7",
    "2026-11-26, 2026-11-27, 0",
    "1795577470, 1795577480, 1",
    "7d, 1s, 7"
  })
  void onlyThePeriodCounts(String from, String until, int failures) {
    Result result = replay("--from", from, "--until", until, "--set", "DEFAULT.maxretry=9");
    assertThat(result.out())
        .contains(String.format("  failures                 %14d %14d ", failures, failures));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --set  | postfix-sasl.maxretry=0 | --set postfix-sasl.maxretry: maxretry = 0, expected 1 to 999999999
          --set  | postfix-sasl.bantime=x  | --set postfix-sasl.bantime: bantime = x, 'x' is no time, expected seconds or such as 1d 12h
          --set  | nosuch.maxretry=2       | --set nosuch.maxretry: no jail nosuch
          --set  | sshd.maxretry=2         | --set sshd.maxretry: jail sshd is not enabled
          --from | yesterday               | --from = yesterday, expected 2026-11-01, 2026-11-01T03:00, seconds since 1970 or 7d
          --from | 2026-13-01              | --from = 2026-13-01, expected 2026-11-01, 2026-11-01T03:00, seconds since 1970 or 7d
          """)
  void whatCantBeUsedIsNamedInOneLine(String option, String value, String told) {
    assertThat(replay(option, value))
        .isEqualTo(new Result(2, "", "banstream replay: " + told + "\n"));
  }

  @ParameterizedTest
  @CsvSource({"maxretry=2", "postfix-sasl.maxretri=2", "postfix-sasl.maxretry", ".maxretry=2"})
  void aSettingNamesJailKeyAndValue(String setting) {
    Result refused = replay("--set", setting);
    assertThat(refused.exit()).isEqualTo(2);
    assertThat(refused.err()).contains("'--set'").hasLineCount(1);
  }

  @Test
  void aPeriodEndsAfterItBegins() {
    assertThat(replay("--from", "1d", "--until", "2d").err())
        .isEqualTo("banstream replay: --until = 2d, expected a time after --from = 1d\n");
  }
}
