package io.banstream.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code up} as a process of its own, in a dry run: the whole way of a line. */
class UpIT {
  private static final Duration LIMIT = Duration.ofSeconds(300);
  private static final Pattern READY = Pattern.compile("(?m)^Ready: (http://\\S+)$");

  @TempDir Path folder;
  private Path log;
  private Path data;
  private Path output;
  private Process up;

  @BeforeEach
  void write() throws IOException {
    log = Files.createFile(folder.resolve("maillog"));
    data = folder.resolve("a data folder");
    Files.createDirectory(folder.resolve("config"));
    Files.writeString(
        folder.resolve("config/jail.local"),
        """
        [DEFAULT]
        bantime = 600
        findtime = 300
        maxretry = 3
        [postfix-sasl]
        enabled = true
        port = smtp
        banaction = iptables-multiport
        logpath = %s
        """
            .formatted(log));
  }

  @AfterEach
  void stop() throws InterruptedException {
    up.destroyForcibly().waitFor();
  }

  @Test
  void threeFailuresBecomeABanAlsoOnceItWasKilled() throws Exception {
    String console = start("--config", folder.resolve("config").toString());
    fail("203.0.113.1");
    awaitOutput("Ban 203.0.113.1 in postfix-sasl until .*: 3 failures on relay1");

    assertThat(ask(console, "bans").at("/bans/0/address").asText()).isEqualTo("203.0.113.1");
    Cli.Result unban =
        Cli.run("unban", "203.0.113.1", "--console", console, "--data", data.toString());
    assertThat(unban).isEqualTo(new Cli.Result(0, "Lifted: 203.0.113.1\n", ""));
    awaitOutput("Unban 203.0.113.1 in postfix-sasl.*");

    up.destroyForcibly().waitFor();
    fail("203.0.113.2"); // while it is down
    String again = start();
    awaitOutput("Ban 203.0.113.2 in postfix-sasl until .*: 3 failures on relay1");
    assertThat(ask(again, "status", "postfix-sasl").path("totalFailed").asInt()).isEqualTo(6);
    assertThat(ask(again, "bans").path("bans")).hasSize(1);

    up.destroy();
    assertThat(up.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    assertThat(up.exitValue()).isEqualTo(128 + 15); // SIGTERM, in order
  }

  @Test
  void fail2bansBansAreTakenOverOnce() throws Exception {
    Files.writeString(
        folder.resolve("config/jail.local"),
        "[recidive]\nenabled = true\nmaxretry = 3\nbantime = 1w\nfindtime = 1d\n",
        StandardOpenOption.APPEND);
    long now = Instant.now().getEpochSecond();
    Path database = folder.resolve("fail2ban.sqlite3");
    String ban = "INSERT INTO bans VALUES ('%s', '203.0.113.%d', %d, %d, 1, '{}')";
    Sqlite.run(
        database,
        Sqlite.BANS,
        Sqlite.BIPS,
        ban.formatted("postfix-sasl", 1, now - 100, 4000),
        ban.formatted("postfix-sasl", 2, now - 5000, 60),
        ban.formatted("postfix-sasl", 2, now - 4000, 60),
        ban.formatted("postfix-sasl", 2, now - 3000, 60),
        ban.formatted("postfix-sasl", 4, now - 5000, 60),
        ban.formatted("postfix-sasl", 4, now - 4000, 60),
        ban.formatted("postfix-sasl", 4, now - 3000, 60),
        ban.formatted("recidive", 4, now - 2999, 600_000),
        ban.formatted("nginx", 3, now - 100, 4000));
    String console = start("--config", folder.resolve("config").toString());
    String[] order = {
      "import",
      "fail2ban",
      database.toString(),
      "--host",
      "relay9",
      "--console",
      console,
      "--data",
      data.toString()
    };
    String told =
        "Imported 8 bans, as decided on relay9\n"
            + "  nginx: no such jail in force, its 1 bans are left out\n";
    assertThat(Cli.run(order)).isEqualTo(new Cli.Result(0, told, ""));
    Instant until = Instant.ofEpochSecond(now - 100 + 4000);
    awaitOutput("Ban 203.0.113.1 in postfix-sasl until " + until + ".*");
    Instant week = Instant.ofEpochSecond(now - 3000).plus(Duration.ofDays(7));
    awaitOutput("Ban 203.0.113.2 in recidive until " + week + ": 3 bans on relay9");

    Instant theirs = Instant.ofEpochSecond(now - 2999 + 600_000);
    awaitOutput("Ban 203.0.113.4 in recidive until " + theirs + ": said by .*");

    assertThat(Cli.run(order)).isEqualTo(new Cli.Result(0, told, ""));
    await()
        .atMost(LIMIT)
        .until(() -> ask(console, "status", "postfix-sasl").path("late").asInt() == 7);
    assertThat(ask(console, "bans").path("bans")).hasSize(3);
    assertThat(ask(console, "status", "postfix-sasl").path("totalBanned").asInt()).isEqualTo(7);
  }

  @Test
  void aSecondOneOnTheSameFolderIsRefused() throws Exception {
    start("--config", folder.resolve("config").toString());
    Cli.Result second =
        Cli.run("up", "--data", data.toString(), "--firewall", "dry-run", "--http", "127.0.0.1:0");
    assertThat(second)
        .isEqualTo(
            new Cli.Result(
                2,
                "",
                "banstream up: data = " + data + ": in use by another banstream (broker)\n"));
  }

  /** Starts it; gives the console's address once it is ready. */
  private String start(String... more) throws IOException {
    output = Files.createTempFile(folder, "up", ".out");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
    command.addAll(
        List.of("up", "--data", data.toString(), "--firewall", "dry-run", "--host", "relay1"));
    command.addAll(List.of("--http", "127.0.0.1:0"));
    command.addAll(List.of(more));
    up =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    return awaitOutput(READY.pattern()).group(1);
  }

  private Matcher awaitOutput(String pattern) {
    return await(pattern)
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              String text = Files.readString(output);
              Matcher matcher = Pattern.compile(pattern).matcher(text);
              boolean found = matcher.find();
              assertThat(found || up.isAlive()).as("ended: %s", text).isTrue();
              return found ? matcher : null;
            },
            matcher -> matcher != null);
  }

  private static JsonNode ask(String console, String... question) throws IOException {
    List<String> args = new ArrayList<>(List.of(question));
    args.addAll(List.of("--console", console, "--format", "json"));
    Cli.Result answer = Cli.run(args.toArray(String[]::new));
    assertThat(answer.err()).isEmpty();
    return new ObjectMapper().readTree(answer.out());
  }

  /**
   * Three wrong passwords, as Postfix logs them.
   *
   * @param address none of this machine's own, which would not count
   */
  private void fail(String address) throws IOException {
    String stamp =
        LocalDateTime.now(ZoneId.systemDefault())
            .format(DateTimeFormatter.ofPattern("MMM ppd HH:mm:ss", Locale.ENGLISH));
    String line =
        stamp
            + " relay1 postfix/smtpd[1]: warning: unknown["
            + address
            + "]: SASL LOGIN authentication failed: (reason unavailable), sasl_username=info\n";
    Files.write(log, line.repeat(3).getBytes(StandardCharsets.UTF_8), StandardOpenOption.APPEND);
  }
}
