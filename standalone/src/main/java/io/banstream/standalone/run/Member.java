package io.banstream.standalone.run;

import io.banstream.ingest.SyslogSettings;
import io.banstream.schemas.Key;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * A mail host that this process serves.
 *
 * @param host its name
 * @param group whose jails it runs
 * @param config folder of the configuration to put in force for the group; empty: the last pushed
 * @param folder under the data folder's parts, so that several members keep apart; empty: none
 * @param enforces the firewall is kept for it as well
 * @param syslog what its agent takes by syslog
 * @param ignorecommands its agent runs the jails' ignorecommand
 */
public record Member(
    String host,
    String group,
    Optional<Path> config,
    String folder,
    boolean enforces,
    SyslogSettings syslog,
    boolean ignorecommands) {
  public Member {
    Key.requirePart(host);
    Key.requirePart(group);
    Objects.requireNonNull(config);
    Objects.requireNonNull(folder);
    Objects.requireNonNull(syslog);
  }

  /** The host that the process runs on. */
  public static Member here(
      String host,
      String group,
      Optional<Path> config,
      SyslogSettings syslog,
      boolean ignorecommands) {
    return new Member(host, group, config, "", true, syslog, ignorecommands);
  }
}
