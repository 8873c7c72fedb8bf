package io.banstream.standalone.demo;

import io.banstream.ingest.SyslogSettings;
import io.banstream.standalone.run.Member;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** A mail host of the demo: its configuration, and its log as the servers would write it. */
final class Relay {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("MMM ppd HH:mm:ss", Locale.ENGLISH);

  private final String name;
  private final Path folder;
  private final Path log;
  private final ZoneId zone;
  private final InstantSource clock;

  private Relay(String name, Path folder, ZoneId zone, InstantSource clock) {
    this.name = name;
    this.folder = folder;
    this.log = folder.resolve("maillog");
    this.zone = zone;
    this.clock = clock;
  }

  /** Makes its folder, with an empty log and its jail.local. */
  static Relay make(String name, Path parent, ZoneId zone, InstantSource clock) throws IOException {
    Relay relay = new Relay(name, Files.createDirectories(parent.resolve(name)), zone, clock);
    Files.writeString(relay.log, "");
    try (var in = Relay.class.getResourceAsStream("/demo/jail.local")) {
      String jails = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      Files.writeString(
          relay.folder.resolve("jail.local"), jails.replace("@LOG@", relay.log.toString()));
    }
    return relay;
  }

  /**
   * @param enforces its firewall is kept as well
   */
  Member member(boolean enforces) {
    return new Member(name, name, Optional.of(folder), name, enforces, SyslogSettings.NONE, false);
  }

  /**
   * @param text as syslog has it behind the host's name: {@code sshd[812]: ...}
   */
  void log(String text) {
    String stamp = clock.instant().atZone(zone).format(STAMP);
    try {
      Files.writeString(log, stamp + " " + name + " " + text + "\n", StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
