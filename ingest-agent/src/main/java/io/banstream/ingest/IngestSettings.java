package io.banstream.ingest;

import io.banstream.schemas.KafkaConnection;
import io.banstream.schemas.Key;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;

/**
 * What an ingest agent needs to know.
 *
 * @param kafka how it reaches the broker
 * @param host the name that this host's failures bear
 * @param group the group whose jails it runs
 * @param data its own folder, made where it is missing: checkpoint, lock
 * @param zone of log stamps that name none, unless the jail has a {@code logtimezone}
 * @param clock for stamps without a year, for heartbeats and for waiting
 * @param journalctl the words that start journalctl; more follow them
 * @param syslog what it takes by syslog
 * @param ignorecommands run what the jails' ignorecommand says: whoever may push jails may then run
 *     commands here
 */
public record IngestSettings(
    KafkaConnection kafka,
    String host,
    String group,
    Path data,
    ZoneId zone,
    InstantSource clock,
    List<String> journalctl,
    SyslogSettings syslog,
    boolean ignorecommands) {
  public IngestSettings {
    Objects.requireNonNull(kafka);
    Key.requirePart(host);
    Key.requirePart(group);
    Objects.requireNonNull(data);
    Objects.requireNonNull(zone);
    Objects.requireNonNull(clock);
    Objects.requireNonNull(syslog);
    journalctl = List.copyOf(journalctl);
    if (journalctl.isEmpty()) {
      throw new IllegalArgumentException("journalctl = , expected the command's words");
    }
  }
}
