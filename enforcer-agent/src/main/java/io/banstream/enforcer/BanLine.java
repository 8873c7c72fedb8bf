package io.banstream.enforcer;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * A ban or its end as fail2ban's own log has it, which its {@code recidive} filter and people's
 * tools read. Nothing in it is a log's word: a jail's name is checked where it is read, and an
 * address is in canonical text.
 *
 * @param at by this host's clock
 * @param what {@code Ban}, {@code Restore Ban} or {@code Unban}
 */
record BanLine(Instant at, Entry entry, String what) {
  /** The name that fail2ban's actions log under. */
  private static final String NAME = "fail2ban.actions";

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss,SSS", Locale.ROOT);

  private static final long PID = ProcessHandle.current().pid();

  /** What stands before each line in a syslog. */
  static String syslogTag() {
    return NAME + "[" + PID + "]";
  }

  /** As in a file, without its line end. */
  String inFile(ZoneId zone) {
    return TIME.withZone(zone).format(at) + " " + untimed();
  }

  /** As in a file, without its time. */
  String untimed() {
    return "%-24s[%d]: %-7s %s".formatted(NAME, PID, "NOTICE", inJournal());
  }

  /** As in a syslog, behind its tag. */
  String inSyslog() {
    return "NOTICE " + inJournal();
  }

  /** As in a journal, whose fields say who wrote it and of what level. */
  String inJournal() {
    return "[" + entry.jail() + "] " + what + " " + entry.address();
  }
}
