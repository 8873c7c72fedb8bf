package io.banstream.standalone;

import io.banstream.ingest.SyslogAddress;
import io.banstream.ingest.SyslogSettings;
import java.util.List;
import picocli.CommandLine.Option;

/** What this host's agent takes by syslog. */
final class SyslogOptions {
  @Option(
      names = "--syslog",
      paramLabel = "ADDRESS",
      description =
          "Take messages of RFC 3164 and 5424 at udp:HOST:PORT, tcp:HOST:PORT or "
              + "unix:/PATH, for the jails with 'backend = syslog'; may be given several "
              + "times (default: none). Whoever can send there can have addresses banned: "
              + "loopback, or a network you trust.")
  private List<String> sockets = List.of();

  @Option(
      names = "--syslog-spool",
      paramLabel = "MIB",
      defaultValue = "64",
      description =
          "Room on disk for messages that Kafka has not got yet. When it is full, "
              + "senders by tcp and unix wait, and what comes by udp is dropped and told "
              + "(default: ${DEFAULT-VALUE}).")
  private int spool;

  /**
   * @throws IllegalArgumentException in one line, if one is no address
   */
  SyslogSettings settings() {
    if (spool < 1) {
      throw new IllegalArgumentException("--syslog-spool = " + spool + ", expected 1 or more");
    }
    return new SyslogSettings(
        sockets.stream().map(SyslogAddress::parse).toList(), (long) spool << 20);
  }
}
