package io.banstream.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.banstream.schemas.OwnerOnly;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of mails that a sendmail does not take, and of those that wait at a restart. */
class MailQueueTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String GOOD = "good@example.com";
  private static final String BAD = "bad@example.com";

  @TempDir Path folder;
  private volatile Instant now = Instant.parse("2026-11-25T03:00:00Z");
  private Path spool;

  /** Notes whom it is called for, and ends as a file with the recipient's name says. */
  private Path sendmail() throws IOException {
    Path program = folder.resolve("sendmail");
    Files.writeString(
        program,
        """
        #!/bin/sh
        cd %s
        echo "$5 $(grep -o '[^ ]*$' | tail -n 1)" >>calls
        [ ! -f "$5" ] || exit "$(cat "$5")"
        """
            .formatted(folder));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    return program;
  }

  @BeforeEach
  void begin() throws IOException {
    spool = OwnerOnly.folder(folder.resolve("mail"));
    Files.createFile(folder.resolve("calls"));
  }

  private MailQueue queue() throws IOException {
    return new MailQueue(new MailSpool(spool), new SendmailDelivery(sendmail()), () -> now);
  }

  private void answer(String dest, int code) throws IOException {
    Files.writeString(folder.resolve(dest), String.valueOf(code));
  }

  private Letter letter(String dest, String text) {
    return new Letter("fail2ban", dest, now, "Subject: a mail\n\n" + text);
  }

  /** Recipient and last word of each call, once nothing is due. */
  private List<String> calls(MailQueue queue) throws IOException {
    await().atMost(LONG).until(queue::isIdle);
    return Files.readAllLines(folder.resolve("calls"));
  }

  private List<String> kept() throws IOException {
    try (Stream<Path> files = Files.list(spool)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void whatIsNotTakenIsSentAgainAfterAPauseThatGrowsToAnHour() throws Exception {
    answer(BAD, 75);
    try (MailQueue queue = queue()) {
      queue.send(letter(BAD, "one"));
      assertThat(calls(queue)).hasSize(1);
      int tries = 1;
      for (int minutes : List.of(1, 2, 4, 8, 16, 32, 60, 60)) {
        now = now.plus(Duration.ofMinutes(minutes)).minusMillis(1);
        assertThat(calls(queue)).as(minutes + " are not over").hasSize(tries);
        now = now.plusMillis(1);
        assertThat(calls(queue)).as(minutes + " are over").hasSize(++tries);
      }
      assertThat(kept()).containsExactly("0.json");
      Files.delete(folder.resolve(BAD));
      now = now.plus(Duration.ofHours(1));
      assertThat(calls(queue)).hasSize(++tries);
      assertThat(kept()).isEmpty();
      queue.send(letter(BAD, "two"));
      assertThat(calls(queue)).hasSize(++tries).endsWith(BAD + " two");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 65, 67})
  void whatIsRefusedForGoodIsLeftOutAtOnce(int code) throws Exception {
    answer(BAD, code);
    try (MailQueue queue = queue()) {
      queue.send(letter(BAD, "one"));
      queue.send(letter(BAD, "two"));
      assertThat(calls(queue)).containsExactly(BAD + " one", BAD + " two");
      assertThat(kept()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 66, 69, 70, 75, 77, 78, 127})
  void anyOtherEndIsTriedAgain(int code) throws Exception {
    answer(BAD, code);
    try (MailQueue queue = queue()) {
      queue.send(letter(BAD, "one"));
      assertThat(calls(queue)).hasSize(1);
      assertThat(kept()).hasSize(1);
    }
  }

  @Test
  void aRecipientWhoTakesNoneHoldsUpNoOther() throws Exception {
    answer(BAD, 75);
    try (MailQueue queue = queue()) {
      queue.send(letter(BAD, "one"));
      queue.send(letter(BAD, "two"));
      queue.send(letter(GOOD, "one"));
      queue.send(letter(GOOD, "two"));
      assertThat(calls(queue))
          .containsExactlyInAnyOrder(BAD + " one", GOOD + " one", GOOD + " two");
      now = now.plus(Duration.ofMinutes(1));
      assertThat(calls(queue)).as("nor does one mail hold up the next").endsWith(BAD + " two");
    }
  }

  @Test
  void aBadAddressTakesNoOthersPlace() throws Exception {
    answer(BAD, 75);
    String large = "x".repeat(1 << 20) + " ";
    try (MailQueue queue = queue()) {
      for (int i = 0; i < 20; i++) {
        queue.send(letter(BAD, large + i));
      }
      assertThat(calls(queue)).hasSize(1);
      assertThat(kept()).as("16 MiB").hasSize(15);
      queue.send(letter(GOOD, large + "mail"));
      assertThat(calls(queue)).contains(GOOD + " mail");
      assertThat(kept()).hasSize(14);
    }
  }

  @Test
  void itIsGivenUpAfterFiveDays() throws Exception {
    answer(BAD, 75);
    try (MailQueue queue = queue()) {
      queue.send(letter(BAD, "one"));
      assertThat(calls(queue)).hasSize(1);
      now = now.plus(Duration.ofDays(5));
      assertThat(calls(queue)).hasSize(2);
      assertThat(kept()).isEmpty();
    }
  }

  @Test
  void whatWaitsOutlivesARestart() throws Exception {
    answer(BAD, 75);
    try (MailQueue queue = queue()) {
      queue.send(letter(BAD, "one"));
      queue.send(letter(BAD, "two"));
      assertThat(calls(queue)).hasSize(1);
    }
    Files.writeString(spool.resolve("2.json.new"), "half of a ma");
    Files.writeString(spool.resolve("3.json"), "{\"sender\":\"fail2ban\",\"dest\":\"-C/x\"}");
    Files.delete(folder.resolve(BAD));
    try (MailQueue queue = queue()) {
      assertThat(calls(queue)).hasSize(3).endsWith(BAD + " two");
      queue.send(letter(GOOD, "three"));
      assertThat(calls(queue)).endsWith(GOOD + " three");
      assertThat(kept()).as("what is no mail is left where it is").containsExactly("3.json");
    }
  }

  @Test
  void whatIsKeptIsTheOwnersAloneAndReadsSo() throws Exception {
    answer(BAD, 75);
    try (MailQueue queue = queue()) {
      queue.send(letter(BAD, "one"));
      calls(queue);
      Path file = spool.resolve("0.json");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(spool)))
          .isEqualTo("rwx------");
      assertThat(file)
          .hasContent(
              """
              {"sender":"fail2ban","dest":"bad@example.com","made":"2026-11-25T03:00:00Z",\
              "text":"Subject: a mail\\n\\none"}""");
    }
  }

  @Test
  void aDiskThatTakesNoneIsNoLoss() throws Exception {
    answer(BAD, 75);
    try (MailQueue queue = queue()) {
      Files.delete(spool);
      Files.createFile(spool);
      queue.send(letter(BAD, "one"));
      queue.send(letter(GOOD, "two"));
      assertThat(calls(queue)).containsExactlyInAnyOrder(BAD + " one", GOOD + " two");
      Files.delete(spool);
      OwnerOnly.folder(spool);
      now = now.plus(Duration.ofMinutes(1));
      assertThat(calls(queue)).hasSize(3);
      assertThat(kept()).as("written once it can be").containsExactly("0.json");
    }
    List<String> before = new ArrayList<>(Files.readAllLines(folder.resolve("calls")));
    Files.delete(folder.resolve(BAD));
    try (MailQueue queue = queue()) {
      before.add(BAD + " one");
      assertThat(calls(queue)).isEqualTo(before);
    }
  }

  @Test
  void aSendmailThatIsNotThereIsTriedAgain() throws Exception {
    try (MailQueue queue =
        new MailQueue(
            new MailSpool(spool), new SendmailDelivery(folder.resolve("none")), () -> now)) {
      queue.send(letter(GOOD, "one"));
      await().atMost(LONG).until(queue::isIdle);
      assertThat(kept()).hasSize(1);
    }
    try (MailQueue queue = queue()) {
      assertThat(calls(queue)).containsExactly(GOOD + " one");
    }
  }

  @Test
  void whatAnAdministratorTakesAwayIsNotSent() throws Exception {
    answer(BAD, 75);
    try (MailQueue queue = queue()) {
      queue.send(letter(BAD, "one"));
      assertThat(calls(queue)).hasSize(1);
      Files.delete(spool.resolve("0.json"));
      queue.send(letter(BAD, "two"));
      Files.delete(folder.resolve(BAD));
      now = now.plus(Duration.ofMinutes(1));
      assertThat(calls(queue)).containsExactly(BAD + " one", BAD + " two");
      assertThat(kept()).isEmpty();
    }
  }

  @Test
  void oneThatCanNotBeOpenedNowIsNotThoughtTakenAway() throws Exception {
    answer(BAD, 75);
    try (MailQueue queue = queue()) {
      queue.send(letter(BAD, "one"));
      assertThat(calls(queue)).hasSize(1);
      Files.delete(folder.resolve(BAD));
      Path file = spool.resolve("0.json");
      byte[] mail = Files.readAllBytes(file);
      Files.delete(file);
      Files.createDirectory(file); // opened no better than with too many open files
      now = now.plus(Duration.ofMinutes(1));
      assertThat(calls(queue)).hasSize(1);
      Files.delete(file);
      Files.write(file, mail);
      now = now.plus(Duration.ofMinutes(2));
      assertThat(calls(queue)).containsExactly(BAD + " one", BAD + " one");
      assertThat(kept()).isEmpty();
    }
  }

  @Test
  void whateverADeliveryThrowsItIsTriedAgain() throws Exception {
    AtomicInteger tries = new AtomicInteger();
    Delivery odd =
        letter -> {
          switch (tries.incrementAndGet()) {
            case 1 -> throw new IllegalStateException("an answer of no sense");
            case 2 -> throw new NoClassDefFoundError("a jar that was replaced");
            default -> {}
          }
        };
    try (MailQueue queue = new MailQueue(new MailSpool(spool), odd, () -> now)) {
      queue.send(letter(BAD, "one"));
      for (int tried = 1; tried < 3; tried++) {
        await().atMost(LONG).until(queue::isIdle);
        assertThat(tries).hasValue(tried);
        assertThat(kept()).containsExactly("0.json");
        now = now.plus(Duration.ofMinutes(tried));
      }
      await().atMost(LONG).until(() -> kept().isEmpty());
    }
  }
}
