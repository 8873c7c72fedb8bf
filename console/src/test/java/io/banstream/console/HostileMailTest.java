package io.banstream.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.banstream.jails.JailRecords;
import io.banstream.schemas.ActionRecord;
import io.banstream.schemas.Decision;
import io.banstream.schemas.Evidence;
import io.banstream.schemas.EvidenceFailure;
import io.banstream.schemas.JailRecord;
import jakarta.mail.Header;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Values that mean something to a header, a mail's end, a shell, an option, a terminal, a MIME
 * reader or a disk go through a jail's name, sender, host, user, log line and what whois says.
 */
class HostileMailTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Instant NOW = Instant.parse("2026-11-25T03:00:00Z");
  private static final int LONGEST_LINE = 998;

  @TempDir Path folder;

  private List<String> values() {
    String run = folder.resolve("run").toString();
    return List.of(
        "x\nBcc: victim@example.com",
        "x\r\nBcc: victim@example.com\r\n\r\nbody",
        "x\rBcc: victim@example.com",
        "x\u2028Bcc: victim@example.com",
        "x\u0085Bcc: victim@example.com",
        "\n.\nMAIL FROM:<a@example.com>\nRCPT TO:<victim@example.com>\nDATA\nx\n.\n",
        ".\r\nQUIT\r\n",
        ".",
        "From nobody Wed Nov 25 03:00:00 2026",
        "$(touch " + run + ")",
        "`touch " + run + "`",
        "; touch " + run + " #",
        "| touch " + run,
        "' ; touch " + run + " ; '",
        "\" ; touch " + run + " ; \"",
        "-C/etc/passwd",
        "-oQ/tmp --",
        "~!touch " + run,
        "%b %s %n \\n \\0",
        "\u0000end",
        "\u001b]0;x\u0007\u001b[2J",
        "\u202eevil\u200b",
        "\ud800",
        "x".repeat(100_000),
        "\ud83d\ude00".repeat(1_000),
        "=?UTF-8?B?eA==?=",
        "=?UTF-8?Q?=0ABcc:_victim@example.com?=",
        "=3D=0A=",
        "a@example.com> <victim@example.com>, victim@example.com",
        "\"}],\"dest\":\"victim@example.com\"",
        "(a comment \\",
        "\t \t");
  }

  private Path sendmail() throws IOException {
    return program(
        "sendmail",
        """
        #!/bin/sh
        [ "$1 $2 $3 $4 $5 $#" = "-i -f fail2ban -- root@example.com 5" ] || exit 64
        cat >"%1$s/new" && mv "%1$s/new" "%1$s/taken"
        """
            .formatted(folder));
  }

  private Path program(String name, String script) throws IOException {
    Path program = folder.resolve(name);
    Files.writeString(program, script);
    Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    return program;
  }

  /** Says the value, and runs into trouble if it is asked for anything but the address. */
  private Whois whois(String value) throws IOException {
    Path answer = Files.writeString(folder.resolve("answer"), value.replace('\ud800', '?'));
    String script = "#!/bin/sh\n[ \"$*\" = '-- 192.0.2.1' ] && cat %s\n".formatted(answer);
    return new Whois(program("whois", script).toString());
  }

  /** What came, asserted that it is one mail to one recipient. */
  private String taken(Optional<SmtpReceiver> server) throws IOException {
    if (server.isEmpty()) {
      return Files.readString(folder.resolve("taken"));
    }
    assertThat(server.get().received()).hasSize(1);
    SmtpReceiver.Received mail = server.get().received().get(0);
    assertThat(mail.from() + " " + mail.to()).isEqualTo("fail2ban root@example.com");
    return mail.text();
  }

  @Test
  void thereAreThirtyAndMore() {
    assertThat(values()).hasSizeGreaterThanOrEqualTo(30).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(strings = {"sendmail-whois-lines", "sendmail-buffered"})
  void bySendmailTheyBreakNothing(String action) throws Exception {
    for (String value : values()) {
      send(action, value, new SendmailDelivery(sendmail()), Optional.empty());
    }
    assertThat(folder.resolve("run")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"sendmail-whois-lines", "sendmail-buffered"})
  void bySmtpTheyBreakNothing(String action) throws Exception {
    for (String value : values()) {
      try (SmtpReceiver server = SmtpReceiver.clear()) {
        SmtpServer to = SmtpServer.parse("smtp://127.0.0.1:" + server.port(), Optional.empty());
        send(action, value, new SmtpDelivery(to), Optional.of(server));
      }
    }
    assertThat(folder.resolve("run")).doesNotExist();
  }

  private void send(String action, String value, Delivery delivery, Optional<SmtpReceiver> server)
      throws Exception {
    Map<String, String> options =
        Map.of(
            "name",
            value,
            "dest",
            "root@example.com",
            "sender",
            value + " ",
            "sendername",
            value,
            "lines",
            "2");
    JailRecord jail = JailRecords.record("relays", 1, Samples.jail("sasl", 3600));
    jail.getEnforcement()
        .setActions(List.of(new ActionRecord(action, options, null, Map.of(), Map.of())));
    boolean buffered = action.endsWith("buffered");
    try (Mailer mailer =
        new Mailer(
            60, delivery, whois(value), folder.resolve("mail"), name -> List.of(jail), () -> NOW)) {
      mailer.tell(ban(value));
      if (buffered) {
        mailer.tell(ban(value));
      }
      await().atMost(LONG).until(mailer::isIdle);
    }
    try (Stream<Path> left = Files.list(folder.resolve("mail"))) {
      assertThat(left.map(f -> f.getFileName().toString())).as(value).containsOnly("book.json");
    }
    Files.delete(folder.resolve("mail/book.json"));
    assertMail(taken(server), value, buffered);
  }

  private static Announcement ban(String value) {
    Decision decision = Samples.ban("192.0.2.1", "sasl", NOW, Duration.ofHours(1));
    List<EvidenceFailure> failures =
        Collections.nCopies(3, new EvidenceFailure(NOW, value, value, value, null));
    Evidence evidence =
        new Evidence(
            "sasl", "192.0.2.1", "*", NOW, decision.getUntil(), failures, null, null, null);
    return new Announcement(decision, Optional.of(evidence), Optional.empty());
  }

  private static void assertMail(String text, String value, boolean buffered) throws Exception {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    assertThat(text.lines().mapToInt(String::length)).as(value).allMatch(n -> n <= LONGEST_LINE);
    assertThat(text.chars().filter(c -> c > '~' || c < ' ' && c != '\n' && c != '\r')).isEmpty();
    MimeMessage mail =
        new MimeMessage(Session.getInstance(new Properties()), new ByteArrayInputStream(bytes));
    assertThat(Collections.list(mail.getAllHeaders()).stream().map(Header::getName))
        .as(value)
        .containsExactly(
            "From",
            "To",
            "Subject",
            "Date",
            "Message-ID",
            "MIME-Version",
            "Content-Type",
            "Content-Transfer-Encoding",
            "Auto-Submitted");
    assertThat(mail.getFrom()).as(value).hasSize(1);
    assertThat(((InternetAddress) mail.getFrom()[0]).getAddress()).isEqualTo("fail2ban");
    assertThat(mail.getAllRecipients()).containsExactly(new InternetAddress("root@example.com"));
    String shown = cut(Plain.text(value));
    assertThat(mail.getSubject()).startsWith(cut("[Fail2Ban] " + shown));
    String body = (String) mail.getContent();
    if (buffered) {
      assertThat(body.lines()).as(value).hasSize(2).allMatch(l -> l.startsWith(NOW + " Ban "));
    } else {
      String logged = "  " + NOW + " " + Plain.text(value);
      assertThat(body.lines().filter(l -> l.startsWith(cut(logged)))).as(value).hasSize(3);
      List<String> whois =
          body.lines().dropWhile(l -> !l.startsWith("Whose address")).skip(1).toList();
      assertThat(whois.subList(0, whois.size() - 2))
          .as(value)
          .allMatch(l -> l.startsWith("  ") && !l.isBlank())
          .hasSameSizeAs(value.lines().filter(l -> !l.isBlank() && !l.startsWith("%")).toList());
      assertThat(whois).endsWith("All that is known of it: banstream explain 192.0.2.1");
    }
  }

  private static String cut(String shown) {
    return shown.length() <= 200 ? shown : shown.substring(0, 200);
  }
}
