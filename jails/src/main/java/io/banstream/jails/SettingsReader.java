package io.banstream.jails;

import io.banstream.jails.Notice.Severity;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Reads fail2ban.conf and its layers. */
final class SettingsReader {
  private static final String SECTION = "Definition";
  private static final Set<String> LEVELS =
      Set.of(
          "CRITICAL",
          "ERROR",
          "WARNING",
          "NOTICE",
          "INFO",
          "DEBUG",
          "TRACEDEBUG",
          "HEAVYDEBUG",
          "MSG");
  private static final Set<String> USED = Set.of("loglevel", "logtarget", "dbpurgeage");
  private static final Set<String> NOT_NEEDED = Set.copyOf(Table.lines("fail2ban-keys.txt"));

  private SettingsReader() {}

  static Settings read(Ini ini, List<Notice> notices) throws ConfigurationException {
    for (String section : ini.sections()) {
      ini.own(section).forEach((key, value) -> tell(key, value, notices));
    }
    JailValues values = new JailValues(ini, SECTION, Map.of());
    return new Settings(
        values.read("loglevel", "INFO", SettingsReader::level),
        values.text("logtarget", "/var/log/fail2ban.log"),
        values.time("dbpurgeage", "1d"));
  }

  private static String level(String text) {
    String level = text.toUpperCase(Locale.ROOT);
    if (!LEVELS.contains(level) && !level.matches("\\d{1,2}")) {
      throw new IllegalArgumentException("expected INFO, NOTICE, WARNING, ERROR, ...");
    }
    return level;
  }

  private static void tell(String key, IniValue value, List<Notice> notices) {
    if (USED.contains(key) || value.isBuiltIn()) {
      return;
    }
    if (!NOT_NEEDED.contains(key)) {
      notices.add(
          new Notice(Severity.WARNING, value.where(), key + " is unknown, and does nothing"));
    } else if (value.isLocal()) {
      notices.add(new Notice(Severity.NOTE, value.where(), key + " is not needed"));
    }
  }
}
