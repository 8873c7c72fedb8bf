package io.banstream.ingest;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a sender says in one message: RFC 5424, RFC 3164 as it is met (rsyslog's RFC 3339 stamp,
 * Cisco's sequence number and year, no PRI, no stamp), or anything else, which is text.
 *
 * @param stamp empty: there is none, or none that can be read
 * @param text as the journal's lines: {@code HOST TAG[PID]: MESSAGE}, with what of it is there; its
 *     bytes are the sender's, control characters included
 */
record SyslogMessage(Optional<SyslogStamp> stamp, byte[] text) {
  private static final Pattern PRI = Pattern.compile("<\\d{1,3}>");

  private static final Pattern RFC5424 =
      Pattern.compile(
          "[1-9]\\d{0,2} (?<stamp>-|\\d{4}-\\S{1,40}) (?<host>\\S{1,255}) (?<app>\\S{1,255})"
              + " (?<pid>\\S{1,255}) (?<id>\\S{1,255}) ?");

  private static final Pattern RFC3339 = Pattern.compile("(?<stamp>\\d{4}-\\d\\d-\\S{1,40}) ");

  private static final List<String> MONTHS =
      List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");

  private static final Pattern RFC3164 =
      Pattern.compile(
          "(?:\\d{1,10}: {1,2})?[*.]?(?<month>"
              + String.join("|", MONTHS)
              + ") {1,2}(?<day>\\d{1,2}) (?:(?<year>\\d{4}) )?(?<time>\\d\\d:\\d\\d:\\d\\d)"
              + "(?:\\.(?<fraction>\\d{1,9}))?(?:(?: (?<zone>[A-Za-z]{1,5}))?:)?(?: |$)",
          Pattern.CASE_INSENSITIVE);

  private static final String BOM = "\u00EF\u00BB\u00BF";

  SyslogMessage {
    Objects.requireNonNull(stamp);
    Objects.requireNonNull(text);
  }

  /** Reads {@code buf[from, to)}; there is nothing that it can't make a message of. */
  static SyslogMessage parse(byte[] buf, int from, int to) {
    int end = to;
    while (end > from && (buf[end - 1] == '\n' || buf[end - 1] == '\r' || buf[end - 1] == 0)) {
      end--;
    }
    // A character a byte: so places in the text are places in the bytes, whatever these are.
    String all = new String(buf, from, end - from, StandardCharsets.ISO_8859_1);
    Matcher pri = PRI.matcher(all);
    if (!pri.lookingAt()) {
      return bsd(all);
    }
    String rest = all.substring(pri.end());
    Matcher head = RFC5424.matcher(rest);
    return head.lookingAt() ? structured(head, rest.substring(head.end())) : bsd(rest);
  }

  private static SyslogMessage structured(Matcher head, String rest) {
    String message = rest.substring(pastStructuredData(rest));
    message = message.startsWith(" ") ? message.substring(1) : message;
    message = message.startsWith(BOM) ? message.substring(BOM.length()) : message;
    // rsyslog keeps the blank that RFC 3164 has behind the tag.
    message = message.startsWith(" ") ? message.substring(1) : message;
    StringBuilder text = new StringBuilder(message.length() + 64);
    if (!head.group("host").equals("-")) {
      text.append(head.group("host")).append(' ');
    }
    if (!head.group("app").equals("-")) {
      text.append(head.group("app"));
      if (!head.group("pid").equals("-")) {
        text.append('[').append(head.group("pid")).append(']');
      }
      text.append(": ");
    }
    return of(SyslogStamp.parse(head.group("stamp")), text.append(message).toString());
  }

  /** Where the message begins; 0, where what stands there is no structured data, or has no end. */
  private static int pastStructuredData(String text) {
    if (text.equals("-") || text.startsWith("- ")) {
      return 1;
    }
    int at = 0;
    boolean quoted = false;
    boolean inside = false;
    while (at < text.length() && (inside || text.charAt(at) == '[')) {
      char c = text.charAt(at);
      if (quoted && c == '\\') {
        at++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (!quoted) {
        inside = c != ']';
      }
      at++;
    }
    return inside ? 0 : at;
  }

  private static SyslogMessage bsd(String text) {
    Matcher iso = RFC3339.matcher(text);
    if (iso.lookingAt()) {
      Optional<SyslogStamp> stamp = SyslogStamp.parse(iso.group("stamp"));
      if (stamp.isPresent()) {
        return of(stamp, text.substring(iso.end()));
      }
    }
    Matcher m = RFC3164.matcher(text);
    if (!m.lookingAt()) {
      return of(Optional.empty(), text);
    }
    String zone = m.group("zone");
    boolean utc =
        zone != null && List.of("utc", "gmt", "z").contains(zone.toLowerCase(Locale.ROOT));
    Optional<SyslogStamp> stamp =
        SyslogStamp.of(
            m.group("year"),
            MONTHS.indexOf(m.group("month").toLowerCase(Locale.ROOT)) + 1,
            m.group("day"),
            m.group("time").replace(":", ""),
            m.group("fraction"),
            utc ? "Z" : null);
    return of(stamp, text.substring(m.end()));
  }

  private static SyslogMessage of(Optional<SyslogStamp> stamp, String text) {
    return new SyslogMessage(stamp, text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
