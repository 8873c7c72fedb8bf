package io.banstream.jails;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads a whole folder. */
final class ConfigurationReader {
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

  Configuration read() throws ConfigurationException {
    // Put in force, a folder that is not the one meant would withdraw every jail with its bans.
    if (!folder.has("jail")) {
      throw new ConfigurationException(
          dir.toString(), "no jail.conf, jail.local or jail.d: not fail2ban's folder");
    }
    Settings settings = SettingsReader.read(files.read("fail2ban").orElseThrow(), notices);
    Ini ini = files.read("jail").orElseThrow();
    JailKeys keys = new JailKeys(ini);
    keys.tell(IniFile.DEFAULT, notices);
    JailReader reader =
        new JailReader(
            ini, new FilterReader(files), new ActionReader(folder, files), settings, notices);
    List<Jail> jails = new ArrayList<>();
    for (String section : ini.sections()) {
      if (!NO_JAILS.contains(section)) {
        Optional<Jail> jail = reader.read(section);
        if (jail.isPresent()) {
          keys.tell(section, notices);
          jails.add(jail.get());
        }
      }
    }
    if (jails.isEmpty()) {
      notices.add(new Notice(Notice.Severity.WARNING, dir.toString(), "no jail is enabled"));
    }
    List<Notice> all = new ArrayList<>(files.notices());
    all.addAll(notices);
    return new Configuration(jails, all, settings);
  }

  FilterDefinition filter(String spec, boolean journal) throws ConfigurationException {
    return FilterReader.definition(
        new FilterReader(files).read("--filter", spec, journal, Map.of()));
  }
}
