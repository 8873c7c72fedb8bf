package io.banstream.jails;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * What fail2ban.conf and fail2ban.local say of the whole.
 *
 * @param logtarget a file, or STDOUT, SYSLOG, ...: asked by a ban log alone
 * @param dbpurgeage how long a ban is remembered once it is over
 */
public record Settings(LogLevel loglevel, WrittenValue logtarget, Duration dbpurgeage) {
  public Settings {
    Objects.requireNonNull(loglevel);
    Objects.requireNonNull(logtarget);
    Objects.requireNonNull(dbpurgeage);
  }

  /**
   * Reads them alone, of a folder such as /etc/fail2ban.
   *
   * @throws ConfigurationException if it is none, or they can't be put in force
   */
  public static Settings read(Path dir) throws ConfigurationException {
    return new ConfigurationReader(dir).settings();
  }
}
