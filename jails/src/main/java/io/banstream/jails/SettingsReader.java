package io.banstream.jails;

import io.banstream.jails.Notice.Severity;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads fail2ban.conf and its layers. */
final class SettingsReader {
  private static final String SECTION = "Definition";
  private static final String LEVEL = "INFO";
  private static final String TARGET = "/var/log/fail2ban.log";
  private static final Set<String> USED = Set.of("loglevel", "logtarget", "dbpurgeage");
  private static final Set<String> NOT_NEEDED = Set.copyOf(Table.lines("fail2ban-keys.txt"));

  private SettingsReader() {}

  static Settings read(Ini ini, List<Notice> notices) throws ConfigurationException {
    for (String section : ini.sections()) {
      ini.own(section).forEach((key, value) -> tell(key, value, notices));
    }
    JailValues values = new JailValues(ini, SECTION, Map.of());
    Settings settings =
        new Settings(
            values.read("loglevel", LEVEL, LogLevel::parse),
            new WrittenValue(
                values.where("logtarget"), "logtarget", values.text("logtarget", TARGET)),
            values.time("dbpurgeage", "1d"));
    tellLog(settings, values.where("loglevel"), notices);
    return settings;
  }

  /** Where they are not as fail2ban ships them, they were meant to change something. */
  private static void tellLog(Settings settings, String levelAt, List<Notice> notices) {
    LogLevel level = settings.loglevel();
    if (!level.name().equals(LEVEL)) {
      String text = "loglevel is asked by --ban-log configured only";
      if (!level.has(LogLevel.NOTICE)) {
        text += ", which then writes nothing: Ban and Unban are NOTICE";
      }
      notices.add(new Notice(Severity.NOTE, levelAt, text));
    }
    WrittenValue target = settings.logtarget();
    if (!target.text().equals(TARGET)) {
      String text = "logtarget is asked by --ban-log configured only";
      notices.add(new Notice(Severity.NOTE, target.where(), text));
    }
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
