package io.banstream.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An entry of the systemd journal.
 *
 * @param cursor names it: what {@code --after-cursor} takes
 * @param sequence id of the numbering that it stands in: the cursor's {@code s=}
 * @param index its number there: the cursor's {@code i=}
 * @param time when it happened: as its sender says, else when the journal got it
 * @param line as a syslog file would have it, without its date: {@code HOST IDENT[PID]: MESSAGE}
 */
record JournalEntry(String cursor, String sequence, long index, Instant time, byte[] line) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern CURSOR =
      Pattern.compile("s=([0-9a-fA-F]{1,32});i=([0-9a-fA-F]{1,16});.*");

  JournalEntry {
    Objects.requireNonNull(cursor);
    Objects.requireNonNull(time);
    Objects.requireNonNull(line);
  }

  /**
   * Reads a line of {@code journalctl -o json} (systemd.journal-fields(7)).
   *
   * @throws IllegalArgumentException if it is no entry, or lacks its cursor or time
   */
  static JournalEntry parse(byte[] json) {
    try {
      JsonNode fields = JSON.readTree(json);
      String cursor = text(fields, "__CURSOR");
      Matcher parts = CURSOR.matcher(cursor);
      if (!parts.matches()) {
        throw new IllegalArgumentException("no cursor that is known: '" + cursor + "'");
      }
      return new JournalEntry(
          cursor,
          parts.group(1).toLowerCase(Locale.ROOT),
          Long.parseLong(parts.group(2), 16),
          time(fields),
          line(fields));
    } catch (IOException | NumberFormatException e) {
      throw new IllegalArgumentException("no journal entry: " + e.getMessage(), e);
    }
  }

  private static Instant time(JsonNode fields) {
    String sent = text(fields, "_SOURCE_REALTIME_TIMESTAMP");
    String micros = sent.isEmpty() ? text(fields, "__REALTIME_TIMESTAMP") : sent;
    return Instant.EPOCH.plus(Long.parseLong(micros), ChronoUnit.MICROS);
  }

  private static byte[] line(JsonNode fields) {
    StringBuilder head = new StringBuilder(64);
    String host = text(fields, "_HOSTNAME");
    if (!host.isEmpty()) {
      head.append(host).append(' ');
    }
    String ident = either(fields, "SYSLOG_IDENTIFIER", "_COMM");
    if (!ident.isEmpty()) {
      head.append(ident);
      String pid = either(fields, "SYSLOG_PID", "_PID");
      if (!pid.isEmpty()) {
        head.append('[').append(pid).append(']');
      }
      head.append(": ");
      if (ident.equals("kernel") && pid.isEmpty()) {
        head.append(
            sinceBoot(either(fields, "_SOURCE_MONOTONIC_TIMESTAMP", "__MONOTONIC_TIMESTAMP")));
      }
    }
    ByteArrayOutputStream line = new ByteArrayOutputStream(256);
    line.writeBytes(head.toString().getBytes(StandardCharsets.UTF_8));
    append(line, fields.path("MESSAGE"));
    return oneLine(line.toByteArray());
  }

  /** As the kernel's own log has it. */
  private static String sinceBoot(String micros) {
    return micros.isEmpty()
        ? ""
        : String.format(Locale.ROOT, "[%12.6f] ", Long.parseLong(micros) / 1e6);
  }

  /** Text; bytes, where they are no UTF-8; or several of these. */
  private static void append(ByteArrayOutputStream line, JsonNode message) {
    if (message.isTextual()) {
      line.writeBytes(message.textValue().getBytes(StandardCharsets.UTF_8));
    } else if (message.isArray() && !message.isEmpty() && message.get(0).isNumber()) {
      message.forEach(b -> line.write(b.intValue()));
    } else if (message.isArray()) {
      for (int i = 0; i < message.size(); i++) {
        if (i > 0) {
          line.write(' ');
        }
        append(line, message.get(i));
      }
    }
  }

  /** A message of several lines stays one entry, and looks as it does to fail2ban's filters. */
  private static byte[] oneLine(byte[] line) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(line.length + 16);
    for (byte b : line) {
      if (b == '\n') {
        out.write('\\');
        out.write('n');
      } else {
        out.write(b);
      }
    }
    return out.toByteArray();
  }

  private static String either(JsonNode fields, String first, String second) {
    String text = text(fields, first);
    return text.isEmpty() ? text(fields, second) : text;
  }

  /** Of a field that came twice, the first. */
  private static String text(JsonNode fields, String name) {
    JsonNode value = fields.path(name);
    JsonNode first = value.isArray() && !value.isEmpty() ? value.get(0) : value;
    return first.isTextual() ? first.textValue() : "";
  }
}
