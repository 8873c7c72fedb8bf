package io.banstream.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** A relay's mail log. What is not flushed yet may end in the middle of a line. */
final class RelayLog implements AutoCloseable {
  /** How a line begins; and to what its time is exact. */
  enum Stamp {
    SYSLOG("MMM d HH:mm:ss", 1000),
    RFC3339("yyyy-MM-dd'T'HH:mm:ss.SSSxxx", 1);

    private final DateTimeFormatter format;
    private final long exactToMs;

    Stamp(String pattern, long exactToMs) {
      this.format =
          DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withZone(ZoneId.systemDefault());
      this.exactToMs = exactToMs;
    }

    /** The time as the line tells it. */
    Instant told(Instant time) {
      long ms = time.toEpochMilli();
      return Instant.ofEpochMilli(ms - Math.floorMod(ms, exactToMs));
    }
  }

  private final Path file;
  private final String host;
  private final Stamp stamp;
  private int rotations;
  private BufferedWriter out;

  RelayLog(Path file, String host, Stamp stamp) throws IOException {
    this.file = file;
    this.host = host;
    this.stamp = stamp;
    open();
  }

  private void open() throws IOException {
    out = Files.newBufferedWriter(file, UTF_8, StandardOpenOption.CREATE_NEW);
  }

  Stamp stamp() {
    return stamp;
  }

  void write(MailTraffic.Line line) throws IOException {
    String client = "unknown[" + line.address() + "]";
    String text =
        line.failure()
            ? "warning: "
                + client
                + ": SASL LOGIN authentication failed: (reason unavailable), sasl_username=u"
                + line.id()
                + "@example.com"
            : "disconnect from " + client + " ehlo=1 auth=0/1 quit=1 commands=2/3";
    out.write(stamp.format.format(line.time()) + " " + host + " postfix/smtpd[4711]: " + text);
    out.write('\n');
  }

  void flush() throws IOException {
    out.flush();
  }

  /** As logrotate does it: older ones move up by one, the newest of them is {@code .1}. */
  void rotate() throws IOException {
    out.close();
    for (int older = rotations++; older >= 1; older--) {
      Files.move(rotated(older), rotated(older + 1));
    }
    Files.move(file, rotated(1));
    open();
  }

  private Path rotated(int number) {
    return file.resolveSibling(file.getFileName() + "." + number);
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
