package io.banstream.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** A mail log as rsyslog writes it, in the traditional form, at the present time. */
final class MailLog {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("MMM ppd HH:mm:ss", Locale.ENGLISH);

  private final Path file;
  private final String host;

  MailLog(Path file, String host) {
    this.file = file;
    this.host = host;
  }

  /** What Postfix logs at a wrong password. */
  static String saslFailure(String address) {
    return "warning: unknown["
        + address
        + "]: SASL LOGIN authentication failed: authentication failure";
  }

  /** Appends {@code times} wrong passwords of now. */
  void saslFailures(String address, int times) {
    saslFailures(address, times, Instant.now());
  }

  void saslFailures(String address, int times, Instant time) {
    for (int i = 0; i < times; i++) {
      append("postfix/smtpd[4242]: " + saslFailure(address), time);
    }
  }

  private void append(String message, Instant time) {
    String stamp = LocalDateTime.ofInstant(time, ZoneId.systemDefault()).format(STAMP);
    try {
      Files.writeString(
          file,
          stamp + " " + host + " " + message + "\n",
          UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
