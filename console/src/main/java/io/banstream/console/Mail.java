package io.banstream.console;

import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.UUID;
import java.util.regex.Matcher;
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
  private static final Pattern DOMAIN = Pattern.compile(".*@([A-Za-z0-9.-]+)");

  /** Bytes: an encoded word has at most 75 characters. */
  private static final int WORD = 45;

  private static final Pattern PHRASE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9 _-]*");

  /** RFC 5322, 2.1.1: at most 998 bytes a line; of UTF-8 a character may take four. */
  private static final int LONGEST = 240;

  Mail {
    lines = List.copyOf(lines);
  }

  /** ASCII alone, so that whatever passes it on needs to change nothing. */
  Letter letter(Instant now) {
    StringBuilder body = new StringBuilder();
    for (String line : lines) {
      body.append(cut(Plain.text(line))).append('\n');
    }
    boolean ascii = body.chars().allMatch(c -> c < 128);
    StringBuilder text = new StringBuilder();
    header(text, "From", words(to.senderName(), PHRASE) + " <" + to.sender() + ">");
    header(text, "To", to.dest());
    header(text, "Subject", words(subject, TEXT));
    header(text, "Date", DATE.format(now.atOffset(ZoneOffset.UTC)));
    header(text, "Message-ID", "<" + UUID.randomUUID() + "@" + domain() + ">");
    header(text, "MIME-Version", "1.0");
    header(text, "Content-Type", "text/plain; charset=UTF-8");
    header(text, "Content-Transfer-Encoding", ascii ? "7bit" : "quoted-printable");
    header(text, "Auto-Submitted", "auto-generated");
    text.append('\n').append(ascii ? body : quoted(body.toString()));
    return new Letter(to.sender(), to.dest(), now, text.toString());
  }

  private String domain() {
    Matcher domain = DOMAIN.matcher(to.sender());
    return domain.matches() ? domain.group(1) : "localhost";
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
    StringJoiner words = new StringJoiner("\n "); // RFC 2047, 2: a character is not divided
    StringBuilder word = new StringBuilder();
    for (int c : plain.codePoints().toArray()) {
      String longer = word + Character.toString(c);
      if (utf8(longer).length > WORD) {
        words.add(encoded(word.toString()));
        word.setLength(0);
      }
      word.appendCodePoint(c);
    }
    return words.add(encoded(word.toString())).toString();
  }

  private static String encoded(String word) {
    return "=?UTF-8?B?" + Base64.getEncoder().encodeToString(utf8(word)) + "?=";
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String quoted(String body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = MimeUtility.encode(bytes, "quoted-printable")) {
      out.write(utf8(body));
    } catch (IOException | MessagingException e) {
      throw new IllegalStateException(e);
    }
    return bytes.toString(StandardCharsets.US_ASCII).replace("\r\n", "\n");
  }

  private static String cut(String line) {
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
  }
}
