package io.banstream.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.banstream.jails.JailRecords;
import io.banstream.schemas.ActionRecord;
import io.banstream.schemas.Decision;
import io.banstream.schemas.Evidence;
import io.banstream.schemas.EvidenceFailure;
import io.banstream.schemas.JailRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a sendmail is called with, and what it reads. */
class MailerTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path folder;
  private volatile Instant now = Instant.parse("2026-11-25T03:00:00Z");

  /** Keeps each mail as a file, its arguments before it. */
  private Path sendmail(String then) throws IOException {
    Path program = folder.resolve("sendmail");
    Path box = Files.createDirectories(folder.resolve("box"));
    Files.writeString(
        program,
        """
        #!/bin/sh
        new=$(mktemp %1$s/.XXXXXX)
        { printf '%%s|' "$@"; echo; cat; } >"$new"
        mv "$new" "%1$s/$(date +%%s%%N)"
        %2$s
        """
            .formatted(box, then));
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    return program;
  }

  private List<String> mails() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("box"))) {
      List<String> mails = new ArrayList<>();
      for (Path file :
          files.filter(f -> !f.getFileName().toString().startsWith(".")).sorted().toList()) {
        mails.add(Files.readString(file));
      }
      return mails;
    }
  }

  private Mailer mailer(Path sendmail, int hourly, ActionRecord... actions) {
    JailRecord jail = JailRecords.record("relays", 1, Samples.jail("sasl", 3600));
    jail.getEnforcement().setActions(List.of(actions));
    return new Mailer(
        hourly,
        new SendmailDelivery(sendmail),
        new Whois("whois"),
        folder.resolve("mail"),
        name -> List.of(jail),
        () -> now);
  }

  private static ActionRecord action(String name, String... options) {
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i < options.length; i += 2) {
      given.put(options[i], options[i + 1]);
    }
    return new ActionRecord(name, given, null, Map.of(), Map.of());
  }

  private Announcement ban(String address, String line) {
    Decision decision = Samples.ban(address, "sasl", now, Duration.ofHours(1));
    Evidence evidence =
        new Evidence(
            "sasl",
            address,
            "*",
            now,
            decision.getUntil(),
            List.of(
                new EvidenceFailure(now, "relay1", "alice", line, null),
                new EvidenceFailure(now, "relay2", "alice", "", 7L)),
            null,
            null,
            null);
    return new Announcement(decision, Optional.of(evidence), Optional.empty());
  }

  private void awaitMails(int number) {
    await().atMost(LONG).until(() -> mails().size() == number);
  }

  @Test
  void aBanIsToldInFail2bansForm() throws Exception {
    try (Mailer mailer =
        mailer(
            sendmail(""),
            60,
            action(
                "sendmail-whois-lines",
                "name",
                "SMTP",
                "dest",
                "root@example.com",
                "sender",
                "f2b@example.com",
                "sendername",
                "Fail2Ban"))) {
      mailer.tell(ban("192.0.2.1", "a line"));
      awaitMails(1);
      assertThat(mails().get(0))
          .startsWith("-i|-f|f2b@example.com|--|root@example.com|\n")
          .contains(
              "From: Fail2Ban <f2b@example.com>\n",
              "To: root@example.com\n",
              "Subject: [Fail2Ban] SMTP: banned 192.0.2.1 from relay1, relay2\n",
              "Date: Wed, 25 Nov 2026 03:00:00 +0000\n",
              "\nBan 192.0.2.1 in sasl until 2026-11-25T04:00:00Z: 3 failures on relay1, relay2.\n",
              "  2026-11-25T03:00:00Z relay1: a line\n",
              "  2026-11-25T03:00:00Z relay2: (its line is not kept)\n",
              "\nWhose address that is, by whois:\n");
    }
  }

  @Test
  void anOptionIsNoRecipient() throws Exception {
    try (Mailer mailer =
        mailer(sendmail(""), 60, action("mail", "dest", "-C/etc/passwd|touch root@example.com"))) {
      mailer.tell(ban("192.0.2.1", "a line"));
      awaitMails(1);
      assertThat(mails()).hasSize(1);
      assertThat(mails().get(0)).startsWith("-i|-f|fail2ban|--|root@example.com|\n");
    }
  }

  @Test
  void whatIsOverTheLimitGoesIntoOneAtTheHoursEnd() throws Exception {
    try (Mailer mailer = mailer(sendmail(""), 2, action("sendmail", "dest", "root"))) {
      for (int i = 1; i <= 5; i++) {
        mailer.tell(ban("192.0.2." + i, "a line"));
      }
      mailer.tell(ban("192.0.2.9", "a line"));
      awaitMails(2);
      // The queue is empty once a later one was taken; what is left is told when the hour ends.
      await().atMost(LONG).until(mailer::isIdle);
      now = now.plus(Duration.ofHours(1));
      awaitMails(3);
      assertThat(mails().get(2))
          .contains(
              "Subject: [Fail2Ban] 4 more bans\n",
              "\n2026-11-25T03:00:00Z Ban 192.0.2.3 in sasl",
              "\n2026-11-25T03:00:00Z Ban 192.0.2.9 in sasl");
      mailer.tell(ban("192.0.2.10", "a line"));
      awaitMails(4);
    }
  }

  @Test
  void whatEndsOneBansMailsEndsNoOthers() throws Exception {
    JailRecord jail = JailRecords.record("relays", 1, Samples.jail("sasl", 3600));
    jail.getEnforcement().setActions(List.of(action("mail", "dest", "root")));
    AtomicInteger asked = new AtomicInteger();
    try (Mailer mailer =
        new Mailer(
            60,
            new SendmailDelivery(sendmail("")),
            new Whois("whois"),
            folder.resolve("mail"),
            name -> {
              switch (asked.incrementAndGet()) {
                case 1 -> throw new IllegalStateException("a record of no sense");
                case 2 -> throw new NoClassDefFoundError("a jar that was replaced");
                default -> {
                  return List.of(jail);
                }
              }
            },
            () -> now)) {
      for (int i = 1; i <= 3; i++) {
        mailer.tell(ban("192.0.2." + i, "a line"));
      }
      awaitMails(1);
      assertThat(mails().get(0)).contains("192.0.2.3");
    }
  }

  @Test
  void noMailWithoutAnActionNorOfAnOperatorsWord() throws Exception {
    try (Mailer mailer = mailer(sendmail(""), 60, action("cloudflare", "dest", "root"))) {
      mailer.tell(ban("192.0.2.1", "a line"));
      await().atMost(LONG).until(mailer::isIdle);
    }
    try (Mailer mailer = mailer(sendmail(""), 60, action("sendmail", "dest", "root"))) {
      Announcement logs = ban("192.0.2.1", "a line");
      logs.decision().setFailures(0);
      mailer.tell(logs);
      mailer.tell(ban("192.0.2.2", "a line"));
      awaitMails(1);
      assertThat(mails().get(0)).contains("192.0.2.2");
    }
  }

  @Test
  void aBufferedActionTellsSoManyBansInOne() throws Exception {
    try (Mailer mailer =
        mailer(
            sendmail(""),
            60,
            action("sendmail-buffered", "name", "SMTP", "dest", "root", "lines", "3"),
            action("mail-buffered", "dest", "other"))) {
      for (int i = 1; i <= 6; i++) {
        mailer.tell(ban("192.0.2." + i, "a line"));
      }
      await().atMost(LONG).until(mailer::isIdle);
      List<String> mails = mails();
      assertThat(mails.stream().filter(m -> m.contains("To: root\n"))).hasSize(2);
      assertThat(mails.stream().filter(m -> m.contains("To: other\n")))
          .singleElement()
          .asString()
          .contains("Subject: [Fail2Ban] sasl: summary from relay1, relay2\n");
      assertThat(mails.get(0))
          .contains(
              "Subject: [Fail2Ban] SMTP: summary from relay1, relay2\n",
              "\n2026-11-25T03:00:00Z Ban 192.0.2.1 in sasl until",
              "\n2026-11-25T03:00:00Z Ban 192.0.2.2 in sasl until",
              "\n2026-11-25T03:00:00Z Ban 192.0.2.3 in sasl until")
          .doesNotContain("192.0.2.4");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "-1", "many", "9999999999999"})
  void linesThatAreNoNumberAreFive(String lines) throws Exception {
    try (Mailer mailer = mailer(sendmail(""), 60, action("mail-buffered", "lines", lines))) {
      for (int i = 1; i <= 5; i++) {
        mailer.tell(ban("192.0.2." + i, "a line"));
      }
      awaitMails(1);
    }
  }

  @Test
  void whatIsGatheredOutlivesARestartAndWaitsADayAtMost() throws Exception {
    ActionRecord buffered = action("sendmail-buffered", "dest", "root");
    try (Mailer mailer = mailer(sendmail(""), 60, buffered)) {
      for (int i = 1; i <= 3; i++) {
        mailer.tell(ban("192.0.2." + i, "a line"));
      }
    }
    assertThat(mails()).isEmpty();
    try (Mailer mailer = mailer(sendmail(""), 60, buffered)) {
      mailer.tell(ban("192.0.2.4", "a line"));
      mailer.tell(ban("192.0.2.5", "a line"));
      awaitMails(1);
      assertThat(mails().get(0)).contains("Ban 192.0.2.1 in", "Ban 192.0.2.5 in");
      mailer.tell(ban("192.0.2.6", "a line"));
    }
    now = now.plus(Duration.ofDays(1));
    try (Mailer mailer = mailer(sendmail(""), 60)) {
      awaitMails(2);
      assertThat(mails().get(1))
          .contains("Ban 192.0.2.6 in")
          .doesNotContain("192.0.2.5")
          .contains("Subject: [Fail2Ban] sasl: summary from relay1, relay2\n");
      await().atMost(LONG).until(mailer::isIdle);
    }
  }

  @Test
  void whatIsOverTheLimitOutlivesARestart() throws Exception {
    ActionRecord[] each = {action("sendmail", "dest", "root")};
    ActionRecord[] buffered = {action("sendmail-buffered", "dest", "root", "lines", "2")};
    try (Mailer mailer = mailer(sendmail(""), 1, each)) {
      mailer.tell(ban("192.0.2.1", "a line"));
      mailer.tell(ban("192.0.2.2", "a line"));
      await().atMost(LONG).until(mailer::isIdle);
    }
    try (Mailer mailer = mailer(sendmail(""), 1, buffered)) {
      mailer.tell(ban("192.0.2.3", "a line"));
      mailer.tell(ban("192.0.2.4", "a line"));
      await().atMost(LONG).until(mailer::isIdle);
      assertThat(mails()).hasSize(1);
      now = now.plus(Duration.ofHours(1));
      awaitMails(2);
      assertThat(mails().get(1)).contains("] 3 more bans\n", "192.0.2.2", "192.0.2.3", "192.0.2.4");
      await().atMost(LONG).until(mailer::isIdle);
    }
  }

  @Test
  void theBookReadsSo() throws Exception {
    ActionRecord buffered = action("sendmail-buffered", "dest", "root");
    try (Mailer mailer =
        mailer(sendmail(""), 1, buffered, action("sendmail", "dest", "a@example.com"))) {
      mailer.tell(ban("192.0.2.1", "a line"));
    }
    assertThat(folder.resolve("mail/book.json"))
        .hasContent(
            """
            {"hours":[{"sent":1,"over":{"since":"2026-11-25T03:00:00Z","action":{"name":"sasl",\
            "dest":"a@example.com","sender":"fail2ban","senderName":"Fail2Ban","gathered":1},\
            "size":0,"lines":[],"hosts":[]}}],"buffers":[{"jail":"sasl","bans":{"since":\
            "2026-11-25T03:00:00Z","action":{"name":"sasl","dest":"root","sender":"fail2ban",\
            "senderName":"Fail2Ban","gathered":5},"size":1,"lines":["2026-11-25T03:00:00Z \
            Ban 192.0.2.1 in sasl until 2026-11-25T04:00:00Z: 3 failures on relay1, relay2"],\
            "hosts":["relay1","relay2"]}}]}""");
    Files.writeString(folder.resolve("mail/book.json"), "{\"hours\":[{\"sent\":1}]}");
    try (Mailer mailer = mailer(sendmail(""), 60, action("sendmail", "dest", "root"))) {
      mailer.tell(ban("192.0.2.2", "a line"));
      await().atMost(LONG).until(mailer::isIdle);
      assertThat(mails()).last().asString().contains("192.0.2.2");
    }
  }

  @Test
  void whatCanBeReadOfABookIsKeptAndTheRestStaysInAFile() throws Exception {
    ActionRecord buffered = action("sendmail-buffered", "lines", "2");
    Path book = folder.resolve("mail/book.json");
    try (Mailer mailer = mailer(sendmail(""), 60, buffered)) {
      mailer.tell(ban("192.0.2.1", "a line"));
    }
    String broken =
        Files.readString(book)
            .replace("\"buffers\":[", "\"buffers\":[{\"jail\":\"sasl\",\"bans\":{}},")
            .replace("\"hours\":[", "\"hours\":[{\"sent\":1}");
    Files.writeString(book, broken);
    try (Mailer mailer = mailer(sendmail(""), 60, buffered)) {
      mailer.tell(ban("192.0.2.2", "a line"));
      await().atMost(LONG).until(mailer::isIdle);
      assertThat(mails()).singleElement().asString().contains("192.0.2.1").contains("192.0.2.2");
    }
    assertThat(folder.resolve("mail/book.json.unread")).hasContent(broken);
    assertThat(book).content().contains("\"buffers\":[]");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{\"hours\":", "{\"hours\":[],\"buffers\":\"sasl\"}"})
  void aBookThatIsNoneStaysInAFileAndAnotherIsBegun(String text) throws Exception {
    Path book = folder.resolve("mail/book.json");
    Files.createDirectories(book.getParent());
    Files.writeString(book, text);
    try (Mailer mailer = mailer(sendmail(""), 60, action("sendmail", "dest", "root"))) {
      mailer.tell(ban("192.0.2.2", "a line"));
    }
    assertThat(folder.resolve("mail/book.json.unread")).hasContent(text);
    assertThat(book).content().contains("\"sent\":1");
  }
}
