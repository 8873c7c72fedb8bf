package io.banstream.ingest;

import io.banstream.jails.LogLine;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The head of a line of the spool: {@code RECEIVED STAMP TEXT}, RECEIVED in milliseconds since
 * 1970, STAMP a {@link SyslogStamp} or {@code -}.
 *
 * @param received when the message came
 * @param stamp when it was sent, as it says
 * @param length of the head in bytes
 */
record SpoolLine(Instant received, Optional<SyslogStamp> stamp, int length) {
  private static final Pattern HEAD = Pattern.compile("(\\d{1,15}) (\\S{1,64}) ");

  /** No head is longer. */
  private static final int LONGEST = 82;

  /**
   * Appends a message as one line, whatever is in it: a line's end within it becomes {@code \n}, as
   * of the journal's, any other control character but the tab a blank.
   */
  static void write(ByteArrayOutputStream out, Instant received, SyslogMessage message) {
    String stamp = message.stamp().map(SyslogStamp::toString).orElse("-");
    String head = received.toEpochMilli() + " " + stamp + " ";
    out.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
    for (byte b : message.text()) {
      if (b == '\n') {
        out.write('\\');
        out.write('n');
      } else {
        out.write(b >= 0 && b < ' ' && b != '\t' || b == 0x7F ? ' ' : b);
      }
    }
    out.write('\n');
  }

  /** Empty: it is no line of a spool, but what a crash of the host made of one. */
  static Optional<SpoolLine> of(LogLine line) {
    int length = Math.min(LONGEST, line.to() - line.from());
    String head = new String(line.buf(), line.from(), length, StandardCharsets.ISO_8859_1);
    Matcher m = HEAD.matcher(head);
    if (!m.lookingAt()) {
      return Optional.empty();
    }
    Instant received = Instant.ofEpochMilli(Long.parseLong(m.group(1)));
    return Optional.of(new SpoolLine(received, SyslogStamp.parse(m.group(2)), m.end()));
  }

  /**
   * @param zone of a stamp that names none
   */
  Instant time(ZoneId zone) {
    return stamp.map(s -> s.at(received, zone)).orElse(received);
  }
}
