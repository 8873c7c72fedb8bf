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

  private final ConfigurationFolder folder;
  private final IniReader files;
  private final List<Notice> notices = new ArrayList<>();

  ConfigurationReader(Path dir) throws ConfigurationException {
    this.folder = new ConfigurationFolder(dir);
    this.files = new IniReader(folder);
  }

  Configuration read() throws ConfigurationException {
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
    List<Notice> all = new ArrayList<>(files.notices());
    all.addAll(notices);
    return new Configuration(jails, all, settings);
  }

  FilterDefinition filter(String spec, boolean journal) throws ConfigurationException {
    return FilterReader.definition(
        new FilterReader(files).read("--filter", spec, journal, Map.of()));
  }
}
