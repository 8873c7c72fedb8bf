package io.banstream.jails;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads a whole folder. */
final class ConfigurationReader {
  /** The version of fail2ban whose files are read, as {@code %(fail2ban_version)s} tells it. */
  private static final String LANGUAGE = "1.0.2";

  private static final Set<String> NO_JAILS = Set.of("INCLUDES", "Definition");

  private final Path dir;
  private final ConfigurationFolder folder;
  private final IniReader files;
  private final List<Notice> notices = new ArrayList<>();

  ConfigurationReader(Path dir) throws ConfigurationException {
    this.dir = dir;
    this.folder = new ConfigurationFolder(dir);
    this.files = new IniReader(folder);
  }

  /** What fail2ban.conf says. */
  Settings settings() throws ConfigurationException {
    // Put in force, a folder that is not the one meant would withdraw every jail with its bans.
    if (!folder.has("jail")) {
      throw new ConfigurationException(
          dir.toString(), "no jail.conf, jail.local or jail.d: not fail2ban's folder");
    }
    return SettingsReader.read(files.read("fail2ban").orElseThrow(), notices);
  }

  Configuration read(HostNames names, List<JailSetting> over) throws ConfigurationException {
    Settings settings = settings();
    Ini ini = files.read("jail").orElseThrow();
    for (JailSetting setting : over) {
      setting.putInto(ini);
    }
    ini.predefine("fail2ban_version", LANGUAGE);
    ini.predefine("fail2ban_confpath", folder.toString());
    JailKeys keys = new JailKeys(ini);
    keys.tell(IniFile.DEFAULT, notices);
    JailReader reader =
        new JailReader(
            ini,
            new FilterReader(files),
            new ActionReader(folder, files),
            names,
            settings,
            notices);
    List<Jail> jails = new ArrayList<>();
    List<ResolvedJail> resolved = new ArrayList<>();
    for (String section : ini.sections()) {
      tellNoDefault(section, ini);
      if (!NO_JAILS.contains(section)) {
        Optional<JailReader.Reading> reading = reader.read(section);
        if (reading.isPresent()) {
          keys.tell(section, notices);
          jails.add(reading.get().jail());
          resolved.add(reading.get().resolved());
        }
      }
    }
    for (JailSetting setting : over) {
      setting.check(jails);
    }
    RecidiveReach.tell(jails, ini, notices);
    if (jails.isEmpty()) {
      notices.add(new Notice(Notice.Severity.WARNING, dir.toString(), "no jail is enabled"));
    }
    List<Notice> all = new ArrayList<>(files.notices());
    all.addAll(notices);
    return new Configuration(jails, resolved, all, settings);
  }

  /** Names of sections are as written, so [default] is a jail: hardly what was meant. */
  private void tellNoDefault(String section, Ini ini) {
    if (section.equalsIgnoreCase(IniFile.DEFAULT) && !ini.own(section).isEmpty()) {
      String text =
          "[" + section + "] is the name of a jail; what holds for all stands in [DEFAULT]";
      String where = ini.own(section).values().iterator().next().where();
      notices.add(new Notice(Notice.Severity.WARNING, where, text));
    }
  }

  FilterDefinition filter(String spec, boolean journal) throws ConfigurationException {
    return FilterReader.requireFailregex(
        FilterReader.definition(
            FilterReader.alone(new FilterReader(files).source("--filter", spec, journal))));
  }
}
