package io.banstream.e2e;

import io.banstream.e2e.MailTraffic.Line;
import io.banstream.e2e.RelayLog.Stamp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The logs of some relays, written by one traffic, and all that was written. */
final class Relays implements AutoCloseable {
  private final MailTraffic traffic;
  private final Map<String, RelayLog> logs = new LinkedHashMap<>();
  private final List<Line> failures = new ArrayList<>();
  private int written;

  /**
   * @param folder gets a folder a host with its {@code mail.log}
   */
  Relays(Path folder, List<String> hosts, MailTraffic traffic) throws IOException {
    this.traffic = traffic;
    for (String host : hosts) {
      Stamp stamp = logs.isEmpty() ? Stamp.SYSLOG : Stamp.RFC3339;
      Path log = file(folder, host);
      Files.createDirectories(log.getParent());
      logs.put(host, new RelayLog(log, host, stamp));
    }
  }

  static Path file(Path folder, String host) {
    return folder.resolve(host).resolve("mail.log");
  }

  /** Writes on until {@code lines} have been written in all. */
  void writeTo(int lines) throws IOException {
    while (written < lines) {
      Line line = traffic.next();
      RelayLog log = logs.get(line.host());
      log.write(line);
      written++;
      if (line.failure()) {
        failures.add(
            new Line(line.id(), line.host(), log.stamp().told(line.time()), line.address(), true));
      }
    }
  }

  int written() {
    return written;
  }

  void flush() throws IOException {
    for (RelayLog log : logs.values()) {
      log.flush();
    }
  }

  void rotate(String host) throws IOException {
    logs.get(host).rotate();
  }

  /** Every failure so far, in the order of writing, with the time that its line tells. */
  List<Line> failures() {
    return failures;
  }

  @Override
  public void close() throws IOException {
    for (RelayLog log : logs.values()) {
      log.close();
    }
  }
}
