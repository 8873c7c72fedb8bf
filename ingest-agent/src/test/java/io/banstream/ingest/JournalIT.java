package io.banstream.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.banstream.jails.Jail;
import io.banstream.schemas.Attempt;
import io.banstream.testkit.Netns;
import io.banstream.testkit.TestBroker;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a real journal file and journalctl. */
class JournalIT {
  private static final Path REMOTE = Path.of("/lib/systemd/systemd-journal-remote");
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path folder;
  private TestBroker broker;
  private Fleet fleet;
  private Process journal;
  private int entries;

  @BeforeEach
  void start() throws IOException {
    Netns.assumeTool("journalctl");
    assumeTrue(Files.isExecutable(REMOTE), "needs " + REMOTE);
    broker = TestBroker.start();
    fleet = Fleet.create(broker.bootstrapServers());
    journal =
        new ProcessBuilder(REMOTE.toString(), "-o", file().toString(), "-")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
  }

  @AfterEach
  void stop() throws InterruptedException {
    if (journal != null) {
      journal.destroyForcibly().waitFor();
    }
    if (broker != null) {
      broker.close();
    }
  }

  private Path file() {
    return folder.resolve("test.journal");
  }

  /** An entry of a unit, of a minute ago. */
  private void log(String unit, String message) throws IOException {
    long micros = Instant.now().minusSeconds(60).toEpochMilli() * 1_000 + entries++;
    String entry =
        "__REALTIME_TIMESTAMP=%d\n__MONOTONIC_TIMESTAMP=%d\n".formatted(micros, entries)
            + "_BOOT_ID=11111111111111111111111111111111\n_HOSTNAME=relay1\n"
            + "SYSLOG_IDENTIFIER=smtpd\n_SYSTEMD_UNIT=%s\nMESSAGE=%s\n\n".formatted(unit, message);
    OutputStream in = journal.getOutputStream();
    in.write(entry.getBytes(StandardCharsets.UTF_8));
    in.flush();
  }

  private IngestAgent agent() {
    List<String> journalctl = List.of("journalctl", "--file", file().toString());
    return IngestAgent.start(fleet.settings(folder.resolve("data"), journalctl));
  }

  private List<String> lines() {
    return fleet.accepted("sasl").stream().map(Attempt::getLine).sorted().toList();
  }

  private static List<String> failures(int to) {
    return IntStream.range(0, to)
        .mapToObj(i -> "relay1 smtpd: failure from 203.0.113.%d".formatted(i))
        .sorted()
        .toList();
  }

  private void logFailures(int from, int to) throws IOException {
    for (int i = from; i < to; i++) {
      log("postfix.service", "failure from 203.0.113." + i);
      log("other.service", "failure from 198.51.100.1");
    }
  }

  @Test
  void theJournalIsReadFromAfterTheCheckpointOnAndNothingTwice() throws Exception {
    logFailures(0, 50);
    await().atMost(LONG).until(() -> Files.exists(file()));
    fleet.push(Fleet.journalJail("sasl", "_SYSTEMD_UNIT=postfix.service"));
    try (IngestAgent agent = agent()) {
      agent.ready().get(60, TimeUnit.SECONDS);
      await().atMost(LONG).until(() -> lines().equals(failures(50)));
      logFailures(50, 80);
      await().atMost(LONG).until(() -> lines().equals(failures(80)));
    }
    logFailures(80, 90);
    try (IngestAgent agent = agent()) {
      await().atMost(LONG).until(() -> lines().equals(failures(90)));
      assertThat(fleet.sent("sasl")).hasSize(90);
      Attempt attempt = fleet.accepted("sasl").get(0);
      assertThat(attempt.getPosition().getSource()).isEqualTo("journal:sasl");
      assertThat(attempt.getTime()).isBefore(Instant.now().minusSeconds(59));
      assertThat(agent.check()).isEmpty();
    }
  }

  @Test
  void anEntryThatAnExpressionIsAtForTooLongIsADeadLetterThatNamesIt() throws Exception {
    logFailures(0, 1);
    log("postfix.service", "a,".repeat(60) + " bad failure");
    logFailures(1, 2);
    Jail jail = Fleet.journalJail("sasl", "_SYSTEMD_UNIT=postfix.service");
    fleet.push(Fleet.lookingFor(jail, "(?:.*?,){12}bad <HOST> failure", "failure from <HOST>"));
    try (IngestAgent agent = agent()) {
      await().atMost(LONG).until(() -> lines().equals(failures(2)));
      assertThat(agent.check()).isEmpty();
      assertThat(fleet.whys())
          .singleElement()
          .asString()
          .contains("jail sasl", "failregex = (?:.*?,){12}bad <HOST> failure");
    }
  }

  @Test
  void aJournalctlThatDiesIsStartedAgain() throws Exception {
    logFailures(0, 10);
    fleet.push(Fleet.journalJail("sasl", "_SYSTEMD_UNIT=postfix.service"));
    try (IngestAgent agent = agent()) {
      await().atMost(LONG).until(() -> lines().equals(failures(10)));
      followers().forEach(ProcessHandle::destroyForcibly);
      await().atMost(LONG).until(() -> agent.check().isPresent());
      logFailures(10, 20);
      await().atMost(LONG).until(() -> lines().equals(failures(20)));
      assertThat(fleet.sent("sasl")).hasSize(20);
    }
    assertThat(followers()).isEmpty();
  }

  private Path logOf(String address) throws IOException {
    String line = "Nov 25 03:31:46 relay1 smtpd: failure from " + address + "\n";
    return Files.writeString(folder.resolve("maillog"), line);
  }

  private void pushAuto() {
    fleet.push(Fleet.autoJail("sasl", folder + "/maillog", "_SYSTEMD_UNIT=postfix.service"));
  }

  @Test
  void aJailWithoutItsLogReadsTheJournalAndStaysWithItOnceItToldOfFailures() throws Exception {
    logFailures(0, 5);
    await().atMost(LONG).until(() -> Files.exists(file()));
    pushAuto();
    try (IngestAgent agent = agent()) {
      agent.ready().get(60, TimeUnit.SECONDS);
      await().atMost(LONG).until(() -> lines().equals(failures(5)));
      logOf("203.0.113.0"); // what the journal told of already
      logFailures(5, 8);
      await().atMost(LONG).until(() -> lines().equals(failures(8)));
    }
    logFailures(8, 10);
    try (IngestAgent agent = agent()) {
      agent.ready().get(60, TimeUnit.SECONDS);
      await().atMost(LONG).until(() -> lines().equals(failures(10)));
      assertThat(fleet.sent("sasl")).hasSize(10);
      assertThat(agent.check()).isEmpty();
    }
  }

  @Test
  void aLogThatComesIsReadWholeWhileTheJournalToldOfNoFailure() throws Exception {
    log("postfix.service", "started");
    await().atMost(LONG).until(() -> Files.exists(file()));
    pushAuto();
    try (IngestAgent agent = agent()) {
      agent.ready().get(60, TimeUnit.SECONDS);
      await().atMost(LONG).until(() -> !followers().isEmpty());
      logOf("203.0.113.7");
      await().atMost(LONG).until(() -> lines().size() == 1);
      assertThat(followers()).isEmpty();
    }
    logFailures(0, 5);
    Files.delete(folder.resolve("maillog")); // as in the midst of a rotation
    try (IngestAgent agent = agent()) {
      agent.ready().get(60, TimeUnit.SECONDS);
      logOf("203.0.113.8");
      await().atMost(LONG).until(() -> lines().size() == 2);
      assertThat(lines()).noneMatch(failures(5)::contains);
    }
  }

  @Test
  void aLogThatIsThereIsReadAndNotTheJournal() throws Exception {
    logFailures(0, 5);
    logOf("203.0.113.7");
    pushAuto();
    try (IngestAgent agent = agent()) {
      agent.ready().get(60, TimeUnit.SECONDS);
      assertThat(lines()).containsExactly("Nov 25 03:31:46 relay1 smtpd: failure from 203.0.113.7");
      assertThat(followers()).isEmpty();
    }
  }

  @Test
  void withoutAJournalctlTheLogIsWaitedFor() throws Exception {
    pushAuto();
    IngestSettings settings =
        fleet.settings(folder.resolve("data"), List.of("/no/such/journalctl"));
    try (IngestAgent agent = IngestAgent.start(settings)) {
      await()
          .atMost(LONG)
          .untilAsserted(() -> assertThat(agent.check().orElse("")).contains("no such file"));
      logOf("203.0.113.7");
      await().atMost(LONG).until(() -> lines().size() == 1);
    }
  }

  private static List<ProcessHandle> followers() {
    return ProcessHandle.current()
        .children()
        .filter(p -> p.info().command().equals(Optional.of("/usr/bin/journalctl")))
        .toList();
  }

  @Test
  void aJournalctlThatIsNotThereIsTold() throws Exception {
    fleet.push(Fleet.journalJail("sasl", "_SYSTEMD_UNIT=postfix.service"));
    IngestSettings settings =
        fleet.settings(folder.resolve("data"), List.of("/no/such/journalctl"));
    try (IngestAgent agent = IngestAgent.start(settings)) {
      await()
          .atMost(LONG)
          .untilAsserted(
              () -> assertThat(agent.check().orElse("")).contains("/no/such/journalctl"));
    }
  }
}
