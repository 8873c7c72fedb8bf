package io.banstream.bench;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * The mail log of a day on a relay that is guessed at, in the proportions of the first user's host:
 * of a hundred lines two are failed SASL logins and one a failed IMAP login; eight are what else
 * guessing leaves behind (lost connections, unresolved names, refused recipients), twelve are
 * honest mailbox logins and logouts; the rest is mail on its way, as Postfix tells it in the order
 * connect, cleanup, qmgr, smtp, removed, disconnect.
 */
final class MailLogLines {
  /** What {@link #write} says of its proportions. */
  static final String PROPORTIONS =
      "of 100 lines: 2 SASL failures, 1 IMAP failure, 8 other traces of guessing, 12 mailbox"
          + " logins and logouts, 77 mail on its way";

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("MMM ppd HH:mm:ss", Locale.ENGLISH);
  private static final long DAY_NANOS = 86_400_000_000_000L;

  private final Random random;

  private MailLogLines(int seed) {
    random = new Random(seed);
  }

  /** The same lines at every call, but for their dates: the day until now. */
  static void write(Path file, int lines) throws IOException {
    MailLogLines log = new MailLogLines(1);
    LocalDateTime begin = LocalDateTime.now().minusDays(1);
    try (Writer out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
      for (int i = 0; i < lines; i++) {
        String stamp = begin.plusNanos(DAY_NANOS / lines * i).format(STAMP);
        out.write(stamp + " relay1 " + log.message() + "\n");
      }
    }
  }

  /** Appends {@code lines} lines to each of these logs, written now. */
  static void append(List<Path> logs, int lines, int seed) throws IOException {
    MailLogLines log = new MailLogLines(seed);
    for (Path file : logs) {
      String stamp = LocalDateTime.now().format(STAMP);
      try (Writer out =
          Files.newBufferedWriter(file, StandardCharsets.UTF_8, StandardOpenOption.APPEND)) {
        for (int i = 0; i < lines; i++) {
          out.write(stamp + " relay1 " + log.message() + "\n");
        }
      }
    }
  }

  private String message() {
    int kind = random.nextInt(100);
    if (kind < 2) {
      return smtpd("warning: " + client() + ": SASL LOGIN authentication failed: UGFzc3dvcmQ6");
    }
    if (kind < 3) {
      return dovecot("imap-login", "Disconnected (auth failed, 1 attempts in 2 secs): " + user());
    }
    if (kind < 11) {
      return traceOfGuessing();
    }
    if (kind < 23) {
      return mailbox();
    }
    return mailOnItsWay();
  }

  private String traceOfGuessing() {
    return switch (random.nextInt(4)) {
      case 0 -> smtpd("lost connection after AUTH from " + client());
      case 1 ->
          smtpd(
              "warning: hostname host%d.example.net does not resolve to address %s"
                  .formatted(random.nextInt(500), address()));
      case 2 ->
          smtpd(
              ("NOQUEUE: reject: RCPT from %s: 450 4.1.8 <a@example.invalid>: Sender address"
                      + " rejected: Domain not found; from=<a@example.invalid>"
                      + " to=<u%d@example.com> proto=ESMTP helo=<example.net>")
                  .formatted(client(), random.nextInt(500)));
      default -> smtpd("disconnect from " + client() + " ehlo=1 auth=0/1 quit=1 commands=2/3");
    };
  }

  private String mailbox() {
    return switch (random.nextInt(4)) {
      case 0, 1 -> dovecot("imap-login", "Login: " + user() + ", mpid=" + pid() + ", TLS");
      case 2 ->
          "dovecot: imap(u%d)<%d><%s>: Disconnected: Logged out in=340 out=2113 deleted=0"
              .formatted(random.nextInt(500), pid(), id());
      default ->
          "dovecot: lmtp(u%d)<%d><%s>: sieve: msgid=<%s@example.com>: stored mail into mailbox 'INBOX'"
              .formatted(random.nextInt(500), pid(), id(), id());
    };
  }

  private String mailOnItsWay() {
    return switch (random.nextInt(8)) {
      case 0 -> smtpd("connect from " + client());
      case 1 -> smtpd(id() + ": client=" + client());
      case 2 -> smtpd("disconnect from " + client() + " ehlo=1 mail=1 rcpt=1 data=1 quit=1");
      case 3 -> "postfix/cleanup[%d]: %s: message-id=<%s@example.com>".formatted(pid(), id(), id());
      case 4 ->
          "postfix/qmgr[%d]: %s: from=<u%d@example.com>, size=%d, nrcpt=1 (queue active)"
              .formatted(pid(), id(), random.nextInt(500), random.nextInt(90_000));
      case 5 -> "postfix/qmgr[%d]: %s: removed".formatted(pid(), id());
      case 6 ->
          "postfix/anvil[%d]: statistics: max connection rate 3/60s for (smtp:%s) at Nov 25 03:31:46"
              .formatted(pid(), address());
      default ->
          ("postfix/smtp[%d]: %s: to=<u%d@example.net>, relay=mx.example.net[203.0.113.9]:25,"
                  + " delay=1.2, delays=0.1/0/0.5/0.6, dsn=2.0.0, status=sent (250 2.0.0 OK)")
              .formatted(pid(), id(), random.nextInt(500));
    };
  }

  private String smtpd(String text) {
    return "postfix/smtpd[%d]: %s".formatted(pid(), text);
  }

  private String dovecot(String service, String text) {
    return "dovecot: %s: %s, session=<%s>".formatted(service, text, id());
  }

  private String user() {
    return "user=<u%d>, method=PLAIN, rip=%s, lip=192.0.2.25"
        .formatted(random.nextInt(500), address());
  }

  private String client() {
    return "unknown[" + address() + "]";
  }

  private String address() {
    return "198.51.100." + random.nextInt(256);
  }

  private int pid() {
    return 1000 + random.nextInt(30_000);
  }

  private String id() {
    return Long.toHexString(0x10_0000_0000L + random.nextInt()).toUpperCase(Locale.ROOT);
  }
}
