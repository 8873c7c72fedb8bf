package io.banstream.jails;

import java.time.Duration;
import java.util.Objects;

/**
 * What fail2ban.conf and fail2ban.local say of the whole.
 *
 * @param loglevel CRITICAL, ERROR, WARNING, NOTICE, INFO, DEBUG, ...: upper case
 * @param logtarget a file, or STDOUT, STDERR, SYSLOG, SYSTEMD-JOURNAL
 * @param dbpurgeage how long a ban is remembered once it is over
 */
public record Settings(String loglevel, String logtarget, Duration dbpurgeage) {
  public Settings {
    Objects.requireNonNull(loglevel);
    Objects.requireNonNull(logtarget);
    Objects.requireNonNull(dbpurgeage);
  }
}
