package io.banstream.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.banstream.standalone.Cli.Result;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "demo",
        "up",
        "ingest",
        "process",
        "enforce",
        "console",
        "match",
        "replay",
        "jails",
        "jails check",
        "jails push",
        "jails list",
        "status",
        "bans",
        "ban",
        "unban",
        "allow",
        "allows",
        "disallow",
        "explain",
        "hosts",
        "alerts",
        "users",
        "flush"
      })
  void everyCommandHasHelpOnStdout(String command) {
    Result help = Cli.run((command + " --help").split(" "));
    assertThat(help.exit()).isZero();
    assertThat(help.out()).startsWith("Usage: banstream " + command).contains("--verbose");
    assertThat(help.err()).isEmpty();
    assertThat(help.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(100));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ingest", "enforce"})
  void anAgentReadWithoutTheOtherCommandsTakesTheSameWords(String agent) {
    String alone = Main.commandLine(agent).getSubcommands().get(agent).getUsageMessage();
    assertThat(alone)
        .isEqualTo(Main.commandLine().getSubcommands().get(agent).getUsageMessage())
        .startsWith("Usage: banstream " + agent);
    assertRefused(
        Cli.run(agent, "--colour"),
        "banstream %1$s: Unknown option: '--colour' (see banstream %1$s --help)".formatted(agent));
  }

  @Test
  void versionIsTheBuilds() {
    Result version = Cli.run("--version");
    assertThat(version.exit()).isZero();
    assertThat(version.out()).matches("banstream \\d+\\.\\d+\\.\\d+\\S*\n");
  }

  @Test
  void noCommandIsMisuse() {
    assertRefused(Cli.run(), "banstream: which command? (see banstream --help)");
  }

  @Test
  void anUnknownOptionIsNamed() {
    assertRefused(
        Cli.run("status", "--colour"),
        "banstream status: Unknown option: '--colour' (see banstream status --help)");
  }

  @Test
  void anUnknownFirewallIsNamedWithWhatThereIs() {
    Result refused = Cli.run("up", "--firewall", "pf");
    assertThat(refused.err()).contains("--firewall", "pf", "ipset", "dry-run");
    assertOneLine(refused);
  }

  @Test
  void aBanLogIsAWordOrAFile() {
    String data = folder.resolve("data").toString();
    String said =
        ": ban log = SYSLOGD, expected STDOUT, SYSOUT, STDERR, SYSLOG, SYSTEMD-JOURNAL or a file"
            + " from / on";
    assertRefused(
        Cli.run("up", "--data", data, "--firewall", "dry-run", "--ban-log", "SYSLOGD"),
        "banstream up" + said);
    assertRefused(
        Cli.run("enforce", "--data", data, "--bootstrap", "127.0.0.1:1", "--ban-log", "SYSLOGD"),
        "banstream enforce" + said);
  }

  @Test
  void aConfiguredBanLogNeedsAConfiguration() {
    String data = folder.resolve("data").toString();
    String said =
        ": ban log = configured, expected up --config DIR beside it; else TARGET itself, and"
            + " --ban-log-level";
    assertRefused(
        Cli.run("up", "--data", data, "--firewall", "dry-run", "--ban-log", "configured"),
        "banstream up" + said);
    String[] enforce = {"enforce", "--data", data, "--bootstrap", "127.0.0.1:1", "--ban-log"};
    assertRefused(Cli.run(with(enforce, "configured")), "banstream enforce" + said);
  }

  @Test
  void aBanLogsLevelIsOneOfFail2bansAndOfABanLog() {
    String[] enforce = {"enforce", "--data", "none", "--bootstrap", "127.0.0.1:1"};
    assertRefused(
        Cli.run(with(enforce, "--ban-log", "STDOUT", "--ban-log-level", "LOUD")),
        "banstream enforce: ban log level = LOUD, expected INFO, NOTICE, WARNING, ERROR, ...");
    assertRefused(
        Cli.run(with(enforce, "--ban-log-level", "ERROR")),
        "banstream enforce: ban log level = ERROR, expected --ban-log beside it");
  }

  private static String[] with(String[] words, String... more) {
    return Stream.concat(Stream.of(words), Stream.of(more)).toArray(String[]::new);
  }

  @Test
  void aWebhookThatIsNoUrlIsRefusedWithoutItsSecret() {
    String data = folder.resolve("data").toString();
    String said = ": webhook: expected http://HOST:PORT/PATH or https://HOST/PATH, without a user";
    assertRefused(
        Cli.run("up", "--data", data, "--webhook", "https://a:secret@example.com/"),
        "banstream up" + said);
    assertRefused(
        Cli.run("console", "--data", data, "--bootstrap", "127.0.0.1:1", "--webhook", "secret"),
        "banstream console" + said);
  }

  @Test
  void aRoleWithoutABrokerSaysHowToNameOne() {
    assertRefused(
        Cli.run("ingest", "--data", folder.toString()),
        "banstream ingest: bootstrap = , expected HOST:PORT by --bootstrap,"
            + " or bootstrap.servers in --kafka-config");
  }

  @Test
  void aMissingKafkaConfigIsNamed() {
    Path config = folder.resolve("none.properties");
    assertRefused(
        Cli.run("ingest", "--data", folder.toString(), "--kafka-config", config.toString()),
        "banstream ingest: " + config + ": no such file or folder");
  }

  @Test
  void aRegistryThatIsNoUrlIsNamed() throws Exception {
    String said = ": registry = registry:8080, expected http://HOST:PORT/PATH";
    String data = folder.resolve("data").toString();
    assertRefused(
        Cli.run("up", "--data", data, "--registry", "registry:8080"), "banstream up" + said);
    assertRefused(
        Cli.run(
            "ingest", "--data", data, "--bootstrap", "127.0.0.1:1", "--registry", "registry:8080"),
        "banstream ingest" + said);
    Path config =
        Files.writeString(
            folder.resolve("ingest.properties"),
            "bootstrap.servers=127.0.0.1:1\nschema.registry.url=registry:8080\n");
    assertRefused(
        Cli.run("ingest", "--data", data, "--kafka-config", config.toString()),
        "banstream ingest" + said);
  }

  @Test
  void aConsoleThatIsAwayIsNamed() {
    Result refused = Cli.run("bans", "--console", "http://127.0.0.1:1");
    assertThat(refused.err()).contains("no console answers at http://127.0.0.1:1");
    assertOneLine(refused);
  }

  @Test
  void aConsoleThatIsNoAddressIsNamed() {
    assertRefused(
        Cli.run("bans", "--console", "relay1"),
        "banstream bans: console = relay1, expected http://HOST:PORT");
  }

  @Test
  void anOrderWithoutATokenSaysWhereItLooked() {
    assertRefused(
        Cli.run("unban", "192.0.2.1", "--data", folder.toString()),
        "banstream unban: token: can't read "
            + folder.resolve("console/token")
            + "; name it by --data or --token-file, or be its owner");
  }

  @Test
  void aLengthThatIsNoTimeIsNamed() {
    Result refused = Cli.run("ban", "192.0.2.1", "--for", "soon");
    assertThat(refused.err()).contains("--for", "soon");
    assertOneLine(refused);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-4h", "0", "0.2"})
  void aBanOfNoLengthIsNoBanForEver(String length) {
    Result refused = Cli.run("ban", "192.0.2.1", "--for", length);
    assertThat(refused.err()).contains("--for", "'" + length + "', expected a time above 0, or -1");
    assertOneLine(refused);
  }

  @Test
  void aTokenFileThatHoldsNoneIsNamedAndNotShown() throws Exception {
    Path file = Files.writeString(folder.resolve("token"), "se\ncret\u001b");
    assertRefused(
        Cli.run("unban", "192.0.2.1", "--token-file", file.toString()),
        "banstream unban: token: " + file + " holds none");
  }

  @Test
  void kafkaSettingsAreCheckedBeforeAnythingStarts() throws Exception {
    Path file = folder.resolve("k.properties");
    for (String role : List.of("ingest", "process", "enforce", "console")) {
      Files.writeString(file, "bootstrap.servers=127.0.0.1:1\nsecurity.protocol=FOO\n");
      Result refused =
          Cli.run(
              role, "--data", folder.resolve("d").toString(), "--kafka-config", file.toString());
      assertThat(refused.err()).contains(file.toString(), "FOO", "security.protocol");
      assertOneLine(refused);
      assertRefused(
          Cli.run(role, "--data", folder.resolve("d").toString(), "--bootstrap", "kafka1"),
          "banstream " + role + ": bootstrap.servers = kafka1, expected HOST:PORT,...");
    }
    assertRefused(
        Cli.run("ingest", "--kafka-config", folder.toString()),
        "banstream ingest: " + folder + ": Is a directory");
    assertThat(folder.resolve("d")).doesNotExist();
  }

  @Test
  void topicsOfNoPartitionAreRefused() {
    assertRefused(
        Cli.run("process", "--bootstrap", "127.0.0.1:1", "--create-topics", "0"),
        "banstream process: create-topics = 0, expected 1 or more");
  }

  @Test
  void aDataFolderOfAnotherVersionIsLeftAlone() throws Exception {
    Path version = Files.writeString(folder.resolve("VERSION"), "99\n");
    assertRefused(
        Cli.run(
            "up", "--data", folder.toString(), "--firewall", "dry-run", "--http", "127.0.0.1:0"),
        "banstream up: " + version + ": version = 99, expected 1; it belongs to another banstream");
    try (var content = Files.list(folder)) {
      assertThat(content).containsExactly(version);
    }
  }

  @Test
  void aFolderOfSomethingElseIsLeftAlone() throws Exception {
    Files.writeString(folder.resolve("precious"), "");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertRefused(
        Cli.run("up", "--data", folder.toString(), "--firewall", "dry-run"),
        "banstream up: data = "
            + folder
            + ": not empty, and no data folder of banstream (no VERSION)");
    assertThat(Files.getPosixFilePermissions(folder)).hasSize(7);
  }

  @Test
  void aDataFolderThatIsAFileIsNamed() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");
    Result refused = Cli.run("up", "--data", file.toString(), "--firewall", "dry-run");
    assertThat(refused.err()).contains(file.toString());
    assertOneLine(refused);
  }

  @Test
  void listeningOnEveryAddressIsRefused() {
    assertRefused(
        Cli.run("up", "--data", folder.toString(), "--listen", "0.0.0.0:9092"),
        "banstream up: listen = 0.0.0.0, expected one address, which the agents connect to");
  }

  @Test
  void aConfigurationThatIsMissingIsNamed() {
    for (List<String> command :
        List.of(
            List.of("jails", "check"),
            List.of("up", "--data", folder.resolve("data").toString(), "--config"))) {
      Path config = folder.resolve("none");
      List<String> args = new java.util.ArrayList<>(command);
      args.add(config.toString());
      Result refused = Cli.run(args.toArray(String[]::new));
      assertThat(refused.err()).contains(config.toString());
      assertOneLine(refused);
    }
  }

  private static void assertRefused(Result result, String line) {
    assertThat(result).isEqualTo(new Result(2, "", line + "\n"));
  }

  private static void assertOneLine(Result result) {
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).hasLineCount(1);
  }
}
