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
import java.nio.charset.StandardCharsets;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
        new MailSettings(Optional.of(sendmail), hourly), name -> List.of(jail), () -> now);
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
  void whatIsHostileMakesNoHeaderNoRecipientAndNoCommand() throws Exception {
    List<String> evil =
        List.of(
            "x\nBcc: victim@example.com",
            "x\r\n\r\nbody",
            "\n.\n",
            "$(touch " + folder + "/run)",
            "`touch " + folder + "/run`",
            "\u001b]0;x\u0007",
            "\u202eevil",
            "x".repeat(100_000),
            "=?UTF-8?B?eA==?=",
            "\ud800");
    for (String text : evil) {
      try (Mailer mailer =
          mailer(
              sendmail(""),
              60,
              action(
                  "sendmail-whois-lines",
                  "name",
                  text,
                  "dest",
                  "root@example.com",
                  "sender",
                  text,
                  "sendername",
                  text))) {
        int before = mails().size();
        mailer.tell(ban("192.0.2.1", text));
        awaitMails(before + 1);
        String mail = mails().get(before);
        String head = mail.substring(0, mail.indexOf("\n\n"));
        assertThat(head.lines().skip(1).map(l -> l.replaceFirst(":.*", "")))
            .as(text)
            .containsExactly(
                "From",
                "To",
                "Subject",
                "Date",
                "MIME-Version",
                "Content-Type",
                "Content-Transfer-Encoding",
                "Auto-Submitted");
        assertThat(mail).startsWith("-i|-f|fail2ban|--|root@example.com|\n");
        assertThat(mail.lines().mapToInt(l -> l.getBytes(StandardCharsets.UTF_8).length))
            .allMatch(n -> n <= 998);
        assertThat(mail.codePoints().filter(c -> c < ' ' && c != '\n')).isEmpty();
      }
    }
    assertThat(folder.resolve("run")).doesNotExist();
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
              "Subject: [Fail2Ban] 4 more bans\n", "\nBan 192.0.2.3 in sasl", "Ban 192.0.2.9 in");
      mailer.tell(ban("192.0.2.10", "a line"));
      awaitMails(4);
    }
  }

  @Test
  void aMailThatIsNotTakenHoldsNothingUp() throws Exception {
    try (Mailer mailer = mailer(sendmail("exit 75"), 60, action("sendmail", "dest", "root"))) {
      mailer.tell(ban("192.0.2.1", "a line"));
      mailer.tell(ban("192.0.2.2", "a line"));
      awaitMails(2);
    }
    Path none = folder.resolve("none");
    try (Mailer mailer = mailer(none, 60, action("sendmail", "dest", "root"))) {
      mailer.tell(ban("192.0.2.1", "a line"));
      await().atMost(LONG).until(mailer::isIdle);
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
}
