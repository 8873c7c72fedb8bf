package io.banstream.jails;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the layers of a name in fail2ban's order: {@code x.conf}, {@code x.d/*.conf}, {@code
 * x.local}, {@code x.d/*.local}; each file after what its {@code [INCLUDES] before} names, and
 * before what {@code after} names. An included file brings its {@code .local} along. An include
 * that goes in a circle is left out, as fail2ban does, and told.
 */
final class IniReader {
  private static final String INCLUDES = "INCLUDES";

  private final ConfigurationFolder folder;
  private final Map<String, Optional<IniFile>> read = new HashMap<>();
  private final List<Notice> notices = new ArrayList<>();

  IniReader(ConfigurationFolder folder) {
    this.folder = folder;
  }

  /** What the files themselves have to be told, once each. */
  List<Notice> notices() {
    return notices;
  }

  /**
   * @param name without an ending: {@code jail}, {@code filter.d/sshd}
   * @return empty if there is no file of that name
   */
  Optional<Ini> read(String name) throws ConfigurationException {
    return read(name, name);
  }

  /**
   * @param base without an ending: what stands beneath where there is no {@code name.conf}
   */
  Optional<Ini> read(String name, String base) throws ConfigurationException {
    List<String> names = new ArrayList<>();
    names.add((folder.exists(name + ".conf") ? name : base) + ".conf");
    names.addAll(folder.dropIns(name, ".conf"));
    names.add(name + ".local");
    names.addAll(folder.dropIns(name, ".local"));
    Ini ini = new Ini();
    boolean found = false;
    for (String file : names) {
      found |= add(ini, file, List.of());
    }
    return found ? Optional.of(ini) : Optional.empty();
  }

  private boolean add(Ini ini, String path, List<String> including) throws ConfigurationException {
    Optional<IniFile> file = file(path);
    if (file.isEmpty()) {
      return false;
    }
    List<String> chain = new ArrayList<>(including);
    chain.add(path);
    include(ini, file.get(), "before", chain);
    ini.add(file.get());
    include(ini, file.get(), "after", chain);
    return true;
  }

  private void include(Ini ini, IniFile file, String key, List<String> chain)
      throws ConfigurationException {
    if (!file.sections().containsKey(INCLUDES)) {
      return;
    }
    Ini alone = new Ini();
    alone.add(file);
    Optional<IniValue> value = alone.raw(INCLUDES, key);
    if (value.isEmpty()) {
      return;
    }
    String[] names = alone.get(INCLUDES, key, Map.of()).orElseThrow().split("\n", -1);
    String path = chain.get(chain.size() - 1);
    Path dir = Path.of(path).resolveSibling("");
    for (int i = 0; i < names.length; i++) {
      if (names[i].isBlank()) {
        continue;
      }
      String name = names[i].strip();
      String included = dir.resolve(name).normalize().toString();
      if (chain.contains(included)) {
        tell(
            value.get().where(i),
            key + " = " + Printable.of(name) + ", which includes this file again; left out");
        continue;
      }
      // A .local is for the administrator to write, or not.
      boolean there = add(ini, included, chain) || name.endsWith(".local");
      String local = included.replaceFirst("(?<=[^/.])\\.[^/.]*$", "") + ".local";
      if (!local.equals(included) && !chain.contains(local)) {
        there |= add(ini, local, chain);
      }
      if (!there) {
        tell(value.get().where(i), key + " = " + Printable.of(name) + ", which is not there");
      }
    }
  }

  private void tell(String where, String text) {
    Notice notice = new Notice(Notice.Severity.WARNING, where, text);
    if (!notices.contains(notice)) {
      notices.add(notice);
    }
  }

  private Optional<IniFile> file(String path) throws ConfigurationException {
    if (!read.containsKey(path)) {
      Optional<IniFile> file = folder.file(path);
      file.ifPresent(f -> notices.addAll(f.notices()));
      read.put(path, file);
    }
    return read.get(path);
  }
}
