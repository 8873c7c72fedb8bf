package io.banstream.ingest;

import java.util.List;

/**
 * What an agent takes by syslog.
 *
 * @param sockets where; empty: nothing
 * @param spoolBytes how much of it is kept on disk, about, until the broker has it
 */
public record SyslogSettings(List<SyslogAddress> sockets, long spoolBytes) {
  private static final long LEAST = 1 << 20;

  /** No socket. */
  public static final SyslogSettings NONE = new SyslogSettings(List.of(), LEAST);

  public SyslogSettings {
    sockets = List.copyOf(sockets);
    if (spoolBytes < LEAST) {
      throw new IllegalArgumentException(
          "syslog spool = " + spoolBytes + " bytes, expected " + LEAST + " or more");
    }
  }
}
