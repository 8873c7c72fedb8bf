package io.banstream.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.banstream.jails.Jail;
import io.banstream.schemas.Attempt;
import io.banstream.schemas.DeadLetter;
import io.banstream.schemas.Heartbeat;
import io.banstream.schemas.IgnoreRecord;
import io.banstream.schemas.SourceStatus;
import io.banstream.testkit.TestBroker;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IngestAgentIT {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String DATE = "Nov 25 03:31:46 relay1 smtpd: ";
  private static TestBroker broker;

  @TempDir Path folder;
  private Path log;
  private Fleet fleet;

  @BeforeAll
  static void startBroker() {
    broker = TestBroker.start();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void createTopics() {
    fleet = Fleet.create(broker.bootstrapServers());
    log = folder.resolve("maillog");
  }

  private IngestAgent start() {
    return IngestAgent.start(fleet.settings(folder.resolve("data")));
  }

  private void append(String... lines) throws IOException {
    Files.write(log, List.of(lines), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  @Test
  void aFolderThatTurnsOutNotToServeEndsTheAgent() throws Exception {
    Path data = Files.writeString(folder.resolve("data"), "for now a file: waited for");
    try (IngestAgent agent = start()) {
      await().atMost(LONG).until(() -> agent.check().isPresent());
      assertThat(agent.ended()).isNotDone();
      Path other = Files.createDirectory(folder.resolve("other"));
      Files.writeString(other.resolve("checkpoint.json"), "{\"version\":2}");
      Files.delete(data);
      Files.move(other, data);
      assertThat(agent.ended())
          .failsWithin(LONG)
          .withThrowableThat()
          .withMessageContaining("checkpoint.json: version = 2, expected 1");
    }
  }

  /** Of addresses that no interface of this machine has: those are ignored. */
  private static String failure(int i) {
    return DATE + "failure from 203.0.113." + i % 200 + " number " + i;
  }

  private void appendFailures(int from, int to) throws IOException {
    append(IntStream.range(from, to).mapToObj(IngestAgentIT::failure).toArray(String[]::new));
  }

  private static void ready(IngestAgent agent) throws Exception {
    agent.ready().get(LONG.toSeconds(), TimeUnit.SECONDS);
  }

  /** The lines of the attempts, without what a processor drops for its position. */
  private List<String> accepted(String jail) {
    return fleet.accepted(jail).stream().map(Attempt::getLine).sorted().toList();
  }

  private static List<String> failures(int to) {
    return IntStream.range(0, to).mapToObj(IngestAgentIT::failure).sorted().toList();
  }

  /** As comparing the lists, but says what is wrong in few words. */
  private static void assertEachOnce(List<String> lines, int all) {
    assertThat(lines).doesNotHaveDuplicates();
    Set<String> read = Set.copyOf(lines);
    assertThat(failures(all).stream().filter(f -> !read.contains(f))).as("lost").isEmpty();
    assertThat(lines).hasSize(all);
  }

  @Test
  void anExistingLogIsReadFromItsBeginningBeforeItIsReady() throws Exception {
    appendFailures(0, 500);
    fleet.push(Fleet.fileJail("sasl", log.toString()));
    try (IngestAgent agent = start()) {
      ready(agent);
      assertThat(accepted("sasl")).isEqualTo(failures(500));
      assertThat(agent.check()).isEmpty();
    }
  }

  private void appendLogins() throws IOException {
    append(
        "Nov 25 03:00:00 relay1 smtpd: success from 203.0.113.1 user alice pass=hunter2",
        "Nov 25 03:01:00 relay1 smtpd: success from 203.0.113.1 user alice",
        "Nov 25 03:02:00 relay1 smtpd: failure from 203.0.113.1",
        "Nov 25 03:03:00 relay1 smtpd: success from 203.0.113.1 user alice",
        "Nov 25 03:04:00 relay1 smtpd: success from 127.0.0.1 user alice",
        "Nov 25 03:05:00 relay1 smtpd: success from 203.0.113.1 user bob",
        "Nov 25 04:03:00 relay1 smtpd: success from 203.0.113.1 user alice");
  }

  private List<String> logins() {
    return fleet.accepted("sasl").stream()
        .map(
            a ->
                a.getTime().toString().substring(11, 16) + " " + a.getOutcome() + " " + a.getUser())
        .toList();
  }

  @Test
  void aSuccessIsSentOnceAnHourOfAUserAndAddress() throws Exception {
    appendLogins();
    Jail sasl = Fleet.fileJail("sasl", log.toString());
    fleet.push(Fleet.succeeding(sasl, false, Duration.ofDays(30)));
    try (IngestAgent agent = start()) {
      ready(agent);
      assertThat(logins())
          .containsExactly(
              "03:00 SUCCESS alice",
              "03:02 FAILURE null",
              "03:05 SUCCESS bob",
              "04:03 SUCCESS alice");
      Attempt success = fleet.accepted("sasl").get(0);
      assertThat(success.getLine()).endsWith("user alice pass=***");
      assertThat(success.getAddress()).isEqualTo("203.0.113.1");
    }
  }

  @Test
  void whereTheJailForgivesASuccessIsSentAfterEachFailure() throws Exception {
    appendLogins();
    Jail sasl = Fleet.fileJail("sasl", log.toString());
    fleet.push(Fleet.succeeding(sasl, true, Duration.ZERO));
    try (IngestAgent agent = start()) {
      ready(agent);
      assertThat(logins())
          .containsExactly(
              "03:00 SUCCESS alice",
              "03:02 FAILURE null",
              "03:03 SUCCESS alice",
              "03:05 SUCCESS bob",
              "04:03 SUCCESS alice");
    }
  }

  @Test
  void successesAreSentFromWhenTheFleetWantsThem() throws Exception {
    Jail sasl = Fleet.fileJail("sasl", log.toString());
    fleet.push(Fleet.succeeding(sasl, false, Duration.ZERO));
    append("Nov 25 03:00:00 relay1 smtpd: success from 203.0.113.1 user alice");
    append("Nov 25 03:00:01 relay1 smtpd: failure from 203.0.113.1");
    try (IngestAgent agent = start()) {
      ready(agent);
      assertThat(logins()).containsExactly("03:00 FAILURE null");
      fleet.push(Fleet.succeeding(sasl, false, Duration.ofDays(1)));
      await()
          .atMost(LONG)
          .until(
              () -> {
                append("Nov 25 03:01:00 relay1 smtpd: success from 203.0.113.1 user alice");
                return logins().contains("03:01 SUCCESS alice");
              });
    }
  }

  @Test
  void aFailureTravelsWithAllThatIsKnownOfIt() throws Exception {
    append("no failure", DATE + "failure from 2001:db8::1 pass=hunter2");
    fleet.push(Fleet.fileJail("sasl", log.toString()));
    try (IngestAgent agent = start()) {
      ready(agent);
      var record = fleet.records(Attempt.class, fleet.topics().attempts()).get(0);
      assertThat(record.key()).isEqualTo("2001:db8::/64");
      Attempt attempt = record.value();
      assertThat(attempt.getAddress()).isEqualTo("2001:db8::1");
      assertThat(attempt.getHost()).isEqualTo("relay1");
      assertThat(attempt.getLine()).isEqualTo(DATE + "failure from 2001:db8::1 pass=***");
      assertThat(attempt.getPosition().getSource()).isEqualTo(log.toString());
      assertThat(attempt.getPosition().getOffset()).isEqualTo(11);
      assertThat(attempt.getPosition().getGeneration()).isZero();
    }
  }

  @Test
  void jailsComeAndGoWhileItRuns() throws Exception {
    appendFailures(0, 3);
    try (IngestAgent agent = start()) {
      ready(agent);
      fleet.push(Fleet.fileJail("sasl", log.toString()));
      await().atMost(LONG).until(() -> accepted("sasl").equals(failures(3)));
      fleet.push(Fleet.fileJail("later", log.toString()));
      await().atMost(LONG).until(() -> accepted("later").equals(failures(3)));
      fleet.withdraw("sasl");
      await()
          .atMost(LONG)
          .untilAsserted(
              () -> {
                append(failure(3));
                assertThat(accepted("later")).hasSizeGreaterThan(accepted("sasl").size() + 1);
              });
      assertThat(fleet.sent("sasl")).hasSameSizeAs(accepted("sasl"));
    }
  }

  @Test
  void aGlobTakesUpNewFilesAndRotatedOnesOnce() throws Exception {
    log = folder.resolve("mail.log");
    appendFailures(0, 2);
    fleet.push(Fleet.fileJail("sasl", folder + "/mail*"));
    try (IngestAgent agent = start()) {
      ready(agent);
      Files.move(log, folder.resolve("mail.log.1"));
      appendFailures(2, 4);
      log = folder.resolve("mail-two.log");
      appendFailures(4, 6);
      await().atMost(LONG).until(() -> accepted("sasl").equals(failures(6)));
      assertThat(fleet.sent("sasl")).hasSize(6);
    }
  }

  @Test
  void tailLeavesOutWhatStoodInTheLogAtTheFirstLookAndNothingElse() throws Exception {
    for (int i = 0; i < 2_000; i++) {
      append("before " + failure(i)); // more than the filter is fed to know what came before
    }
    fleet.push(Fleet.fromTheEnd(Fleet.fileJail("sasl", log.toString())));
    fleet.push(Fleet.fileJail("whole", log.toString()));
    try (IngestAgent agent = start()) {
      ready(agent);
      appendFailures(0, 2);
      await().atMost(LONG).until(() -> accepted("sasl").equals(failures(2)));
      Files.move(log, folder.resolve("maillog.1"));
      appendFailures(2, 4);
      await().atMost(LONG).until(() -> accepted("sasl").equals(failures(4)));
    }
    appendFailures(4, 6);
    Files.move(folder.resolve("maillog.1"), folder.resolve("maillog.2"));
    Files.move(log, folder.resolve("maillog.1"));
    appendFailures(6, 8);
    try (IngestAgent agent = start()) {
      ready(agent);
      assertThat(accepted("sasl")).isEqualTo(failures(8));
      assertThat(fleet.sent("sasl")).hasSize(8);
      assertThat(accepted("whole")).hasSize(2_008);
    }
  }

  @Test
  void whatComesUnderATailLaterIsReadWholeAlsoAfterARestart() throws Exception {
    log = folder.resolve("first.log");
    append("before " + failure(0));
    Jail jail = Fleet.fileJail("sasl", folder + "/*.log");
    fleet.push(Fleet.fromTheEnd(jail));
    fleet.push(Fleet.fromTheEnd(Fleet.fileJail("late", folder + "/late.log")));
    try (IngestAgent agent = start()) {
      ready(agent);
      log = folder.resolve("second.log");
      appendFailures(0, 2);
      await().atMost(LONG).until(() -> accepted("sasl").equals(failures(2)));
    }
    log = folder.resolve("late.log");
    appendFailures(2, 4);
    try (IngestAgent agent = start()) {
      ready(agent);
      assertThat(accepted("sasl")).isEqualTo(failures(4));
      assertThat(accepted("late")).hasSize(2);
    }
  }

  @Test
  void aRestartGoesOnWhereItWasThoughTheLogWasRotated() throws Exception {
    appendFailures(0, 10);
    fleet.push(Fleet.fileJail("sasl", log.toString()));
    try (IngestAgent agent = start()) {
      ready(agent);
    }
    appendFailures(10, 20);
    Files.move(log, folder.resolve("maillog-20261125"));
    appendFailures(20, 30);
    try (IngestAgent agent = start()) {
      ready(agent);
      assertThat(accepted("sasl")).isEqualTo(failures(30));
      assertThat(fleet.sent("sasl")).hasSize(30);
    }
  }

  @Test
  void killedInTheMidstOfALogNothingIsLostOrCountedTwice() throws Exception {
    int all = 60_000;
    appendFailures(0, all / 2);
    fleet.push(Fleet.fileJail("sasl", log.toString()));
    fleet.push(Fleet.fileJail("other", log.toString()));
    Process first = fleet.fork(folder.resolve("data"));
    await().atMost(LONG).until(() -> fleet.sent("sasl").size() > 1_000);
    first.destroyForcibly().waitFor();
    Files.move(log, folder.resolve("maillog.1"));
    appendFailures(all / 2, all);
    Process second = fleet.fork(folder.resolve("data"));
    await().atMost(LONG).until(() -> fleet.sent("other").size() > all / 3);
    second.destroyForcibly().waitFor();
    try (IngestAgent agent = start()) {
      ready(agent);
      assertEachOnce(accepted("sasl"), all);
      assertEachOnce(accepted("other"), all);
    }
  }

  @Test
  void aBrokerThatIsAwayOnlyDelays() throws Exception {
    try (TestBroker own = TestBroker.start()) {
      fleet = Fleet.create(own.bootstrapServers());
      appendFailures(0, 100);
      fleet.push(Fleet.fileJail("sasl", log.toString()));
      try (IngestAgent agent = start()) {
        ready(agent);
        own.stop();
        appendFailures(100, 20_000);
        await().atMost(LONG).until(() -> agent.check().isPresent());
        own.startAgain();
        await().atMost(LONG).until(() -> accepted("sasl").equals(failures(20_000)));
        await().atMost(LONG).until(() -> agent.check().isEmpty());
      }
    }
  }

  @Test
  void whatTheBrokerFindsTooLargeIsADeadLetterAndTheRestGoesOn() throws Exception {
    fleet.limitAttempts(300);
    String noise = new BigInteger(1_600, new Random(1)).toString(36); // gzip makes it no smaller
    append(
        failure(0),
        DATE + "failure from 203.0.113.77 " + noise + noise.toUpperCase(Locale.ROOT),
        failure(1));
    fleet.push(Fleet.fileJail("sasl", log.toString()));
    try (IngestAgent agent = start()) {
      ready(agent);
      assertThat(accepted("sasl")).isEqualTo(failures(2));
      assertThat(fleet.records(DeadLetter.class, fleet.topics().deadLetters()))
          .singleElement()
          .satisfies(r -> assertThat(r.value().getWhy()).contains("too large"));
    }
  }

  @Test
  void aLineOfTenMegabytesIsLeftOutAndCounted() throws Exception {
    append(failure(0));
    Files.write(log, new byte[10 << 20], StandardOpenOption.APPEND);
    Files.writeString(log, "x".repeat(10 << 20) + "\n", StandardOpenOption.APPEND);
    append(failure(1));
    fleet.push(Fleet.fileJail("sasl", log.toString()));
    try (IngestAgent agent = start()) {
      ready(agent);
      assertThat(accepted("sasl")).isEqualTo(failures(2));
      await()
          .atMost(LONG)
          .untilAsserted(
              () -> assertThat(status()).extracting(SourceStatus::getOverlong).contains(1L));
    }
  }

  @Test
  void aLineThatAnExpressionIsAtForTooLongIsADeadLetterThatNamesIt() throws Exception {
    append(failure(0), DATE + "a,".repeat(60) + " bad failure", failure(1));
    Jail jail = Fleet.fileJail("sasl", log.toString());
    fleet.push(Fleet.lookingFor(jail, "(?:.*?,){12}bad <HOST> failure", "failure from <HOST>"));
    fleet.push(Fleet.fileJail("other", log.toString()));
    try (IngestAgent agent = start()) {
      ready(agent);
      assertThat(accepted("sasl")).isEqualTo(failures(2));
      assertThat(accepted("other")).isEqualTo(failures(2));
      assertThat(fleet.whys())
          .singleElement()
          .asString()
          .contains("jail sasl", "failregex = (?:.*?,){12}bad <HOST> failure");
      await()
          .atMost(LONG)
          .untilAsserted(
              () -> assertThat(status()).extracting(SourceStatus::getOverlong).contains(1L));
    }
  }

  private List<SourceStatus> status() {
    List<SourceStatus> all = new ArrayList<>();
    fleet
        .records(Heartbeat.class, fleet.topics().hosts())
        .forEach(r -> all.addAll(r.value().getSources()));
    return all;
  }

  @Test
  void aMissingLogIsToldAndReadOnceItIsThere() throws Exception {
    fleet.push(Fleet.fileJail("sasl", log.toString()));
    try (IngestAgent agent = start()) {
      ready(agent);
      await()
          .atMost(LONG)
          .untilAsserted(() -> assertThat(agent.check()).contains(log + ": no such file"));
      appendFailures(0, 1);
      await().atMost(LONG).until(() -> accepted("sasl").equals(failures(1)));
      await().atMost(LONG).until(() -> agent.check().isEmpty());
    }
  }

  @Test
  void aHostNameIsAnAttemptForEachOfItsAddressesInOrder() throws Exception {
    append(DATE + "failure from localhost", failure(0));
    fleet.push(Fleet.countingItself(Fleet.fileJail("sasl", log.toString())));
    try (IngestAgent agent = start()) {
      ready(agent);
      assertThat(fleet.accepted("sasl"))
          .extracting(Attempt::getAddress)
          .contains("127.0.0.1", "203.0.113.0");
      assertThat(fleet.accepted("sasl"))
          .filteredOn(a -> a.getAddress().equals("127.0.0.1"))
          .extracting(a -> a.getPosition().getOrdinal())
          .containsExactly(0);
    }
  }

  @Test
  void itselfAndWhatHasNoAddressAreIgnoredAndCounted() throws Exception {
    append(DATE + "failure from 127.0.0.1", DATE + "failure from no.such.invalid", failure(0));
    fleet.push(Fleet.fileJail("sasl", log.toString()));
    try (IngestAgent agent = start()) {
      ready(agent);
      assertThat(accepted("sasl")).isEqualTo(failures(1));
      await()
          .atMost(LONG)
          .untilAsserted(
              () -> assertThat(status()).extracting(SourceStatus::getIgnored).contains(2L));
    }
  }

  @Test
  void whatACommandIgnoresIsNotSentAndTheRestGoesInItsOrder() throws Exception {
    appendFailures(0, 40);
    fleet.push(asking("case <ip> in *[02468]) sleep 0.1; exit 1; esac"));
    try (IngestAgent agent = start()) {
      ready(agent);
      assertThat(fleet.sent("sasl").stream().map(Attempt::getLine).sorted().toList())
          .isEqualTo(failures(40).stream().filter(f -> f.matches(".*[02468]")).toList());
      assertThat(accepted("sasl")).as("positions rise").hasSize(20);
      await()
          .atMost(LONG)
          .untilAsserted(
              () -> assertThat(status()).extracting(SourceStatus::getIgnored).contains(20L));
    }
  }

  @Test
  void killedWhileCommandsAreAskedNothingIsLost() throws Exception {
    appendFailures(0, 600);
    fleet.push(asking("sleep 0.02; exit 1"));
    for (int i = 1; i <= 4; i++) {
      int enough = i * 100;
      Process agent = fleet.fork(folder.resolve("data"));
      await().atMost(LONG).until(() -> accepted("sasl").size() > enough);
      agent.destroyForcibly().waitFor();
    }
    try (IngestAgent agent = start()) {
      ready(agent);
      assertEachOnce(accepted("sasl"), 600);
    }
  }

  private Jail asking(String command) {
    return Fleet.with(
        Fleet.fileJail("sasl", log.toString()),
        sources -> sources.setIgnorecommand(new IgnoreRecord(command, null, 0, 0L)));
  }

  @Test
  void aSecondAgentOnTheSameFolderIsRefused() throws Exception {
    try (IngestAgent agent = start()) {
      assertThatThrownBy(this::start)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(folder.resolve("data/lock") + ": another agent uses this data folder");
      assertThat(agent.check()).isEmpty();
    }
  }
}
