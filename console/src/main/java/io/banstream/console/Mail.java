package io.banstream.console;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A mail in plain text (RFC 5322, 2045, 2047). What comes of logs or of whois is one line each when
 * it gets here, so that it can't make a header, nor end the mail.
 *
 * @param lines the body's
 */
record Mail(MailAction to, String subject, List<String> lines) {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ROOT);

  private static final Pattern TEXT = Pattern.compile("[ -~&&[^=?]]*");
  private static final Pattern PHRASE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 _-]*");

  /** RFC 5322, 2.1.1: at most 998 bytes a line; of UTF-8 a character may take four. */
  private static final int LONGEST = 240;

  Mail {
    lines = List.copyOf(lines);
  }

  /** As {@code sendmail -i} reads it. */
  byte[] bytes(Instant now) {
    StringBuilder text = new StringBuilder();
    header(text, "From", words(to.senderName(), PHRASE) + " <" + to.sender() + ">");
    header(text, "To", to.dest());
    header(text, "Subject", words(subject, TEXT));
    header(text, "Date", DATE.format(now.atOffset(ZoneOffset.UTC)));
    header(text, "MIME-Version", "1.0");
    header(text, "Content-Type", "text/plain; charset=UTF-8");
    header(text, "Content-Transfer-Encoding", "8bit");
    header(text, "Auto-Submitted", "auto-generated");
    text.append('\n');
    for (String line : lines) {
      text.append(cut(Plain.text(line))).append('\n');
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void header(StringBuilder text, String name, String value) {
    text.append(name).append(": ").append(value).append('\n');
  }

  /** Words of a header: as they are where they can't mean anything there. */
  private static String words(String raw, Pattern safe) {
    String plain = cut(Plain.text(raw));
    if (safe.matcher(plain).matches()) {
      return plain;
    }
    byte[] utf8 = plain.getBytes(StandardCharsets.UTF_8);
    return "=?UTF-8?B?" + Base64.getEncoder().encodeToString(utf8) + "?=";
  }

  private static String cut(String line) {
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
  }
}
