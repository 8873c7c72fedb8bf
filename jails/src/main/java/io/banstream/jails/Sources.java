package io.banstream.jails;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Where the hosts of a group see a jail's failures.
 *
 * @param filter how a line is recognised
 * @param logpath files and globs; unused where something else is read
 * @param journal read the systemd journal instead of files
 * @param logencoding character set of the log, or {@code auto}
 * @param logtimezone zone of stamps that name none; empty: the host's
 * @param usedns what is done with a host name in place of an address
 * @param ignoreself the host's own addresses are not counted
 * @param tail those of logpath whose files, where they are there when the jail first looks for
 *     them, are read from their end
 * @param journalIfNoLogs a host that has none of the files reads the journal instead
 * @param syslog read what comes by the agent's syslog sockets instead of files
 * @param ignorecommand asked whether a failure is to be ignored, on hosts that allow it
 */
public record Sources(
    FilterDefinition filter,
    List<String> logpath,
    boolean journal,
    String logencoding,
    Optional<String> logtimezone,
    UseDns usedns,
    boolean ignoreself,
    List<String> tail,
    boolean journalIfNoLogs,
    boolean syslog,
    Optional<IgnoreCommand> ignorecommand) {

  /** As jail.conf(5)'s usedns. */
  public enum UseDns {
    YES,
    WARN,
    NO,
    RAW
  }

  public Sources {
    Objects.requireNonNull(filter);
    logpath = List.copyOf(logpath);
    Objects.requireNonNull(logencoding);
    Objects.requireNonNull(logtimezone);
    Objects.requireNonNull(usedns);
    tail = List.copyOf(tail);
    Objects.requireNonNull(ignorecommand);
    if (!logpath.containsAll(tail)) {
      throw new IllegalArgumentException("tail = " + tail + ", expected some of logpath");
    }
    if (journalIfNoLogs && (journal || filter.journalmatch().isEmpty())) {
      throw new IllegalArgumentException(
          "journalIfNoLogs = true, expected files, and a journalmatch");
    }
    if (syslog && (journal || journalIfNoLogs)) {
      throw new IllegalArgumentException("syslog = true, expected neither the journal nor files");
    }
  }

  /** What recidive has, and a jail without a filter: nothing to read. */
  public static Sources none(FilterDefinition filter) {
    return new Sources(
        filter,
        List.of(),
        false,
        "auto",
        Optional.empty(),
        UseDns.NO,
        true,
        List.of(),
        false,
        false,
        Optional.empty());
  }
}
