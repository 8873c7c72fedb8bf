package io.banstream.bench;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Random;

/**
 * A mail relay's log in the proportions that the first user's host shows: of a hundred lines two
 * are failed SASL logins, one a failed IMAP login; the rest is mail on its way.
 */
final class MailLogLines {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("MMM ppd HH:mm:ss", Locale.ENGLISH);

  private MailLogLines() {}

  /** The same lines at every call. */
  static void write(Path file, int lines) throws IOException {
    Random random = new Random(1);
    LocalDateTime time = LocalDateTime.now().minusHours(1);
    try (Writer out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
      for (int i = 0; i < lines; i++) {
        String stamp = time.plusNanos(i * 1_000_000L).format(STAMP);
        out.write(stamp + " relay1 " + message(random) + "\n");
      }
    }
  }

  private static String message(Random random) {
    String id = Long.toHexString(0x10_0000_0000L + random.nextInt()).toUpperCase(Locale.ROOT);
    String address = "198.51.100." + random.nextInt(256);
    int pid = 1000 + random.nextInt(30_000);
    return switch (random.nextInt(100)) {
      case 0, 1 ->
          "postfix/smtpd[%d]: warning: unknown[%s]: SASL LOGIN authentication failed: UGFzc3dvcmQ6"
              .formatted(pid, address);
      case 2 ->
          ("dovecot: imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<info>,"
                  + " method=PLAIN, rip=%s, lip=192.0.2.25, TLS, session=<%s>")
              .formatted(address, id);
      case 3, 4, 5, 6, 7, 8 ->
          "dovecot: imap-login: Login: user=<u%d>, method=PLAIN, rip=%s, lip=192.0.2.25, mpid=%d, TLS"
              .formatted(random.nextInt(500), address, pid);
      case 9, 10, 11 -> "postfix/anvil[%d]: statistics: max connection rate 3/60s".formatted(pid);
      default ->
          switch (random.nextInt(6)) {
            case 0 -> "postfix/smtpd[%d]: connect from unknown[%s]".formatted(pid, address);
            case 1 ->
                "postfix/smtpd[%d]: disconnect from unknown[%s] ehlo=1 auth=0/1 quit=1 commands=2/3"
                    .formatted(pid, address);
            case 2 -> "postfix/qmgr[%d]: %s: removed".formatted(pid, id);
            case 3 -> "postfix/cleanup[%d]: %s: message-id=<%s@example.com>".formatted(pid, id, id);
            case 4 ->
                "postfix/qmgr[%d]: %s: from=<u%d@example.com>, size=%d, nrcpt=1 (queue active)"
                    .formatted(pid, id, random.nextInt(500), random.nextInt(90_000));
            default ->
                ("postfix/smtp[%d]: %s: to=<u%d@example.net>, relay=mx.example.net[203.0.113.9]:25,"
                        + " delay=1.2, delays=0.1/0/0.5/0.6, dsn=2.0.0, status=sent (250 2.0.0 OK)")
                    .formatted(pid, id, random.nextInt(500));
          };
    };
  }
}
