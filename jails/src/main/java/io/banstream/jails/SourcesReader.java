package io.banstream.jails;

import io.banstream.jails.Notice.Severity;
import io.banstream.jails.Sources.UseDns;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads where a jail's failures are seen. */
final class SourcesReader {
  private static final Set<String> FILE_BACKENDS = Set.of("auto", "polling", "pyinotify", "gamin");

  private final List<Notice> notices;

  /**
   * @param notices what is to be told is added here
   */
  SourcesReader(List<Notice> notices) {
    this.notices = notices;
  }

  /** Whether the jail reads the journal instead of files. */
  static boolean journal(JailValues jail) throws ConfigurationException {
    return jail.read(
        "backend",
        "auto",
        t -> {
          boolean systemd = t.equals("systemd") || t.startsWith("systemd[");
          if (!systemd && !FILE_BACKENDS.contains(t)) {
            throw new IllegalArgumentException("expected systemd, or auto for files");
          }
          return systemd;
        });
  }

  Sources read(String name, JailValues jail, Ini ini, FilterReader.Reading filter)
      throws ConfigurationException {
    boolean journal = journal(jail);
    if (journal && jail.text("backend", "").indexOf('[') >= 0) {
      String text = "backend: the options of systemd are not heard; this host's journal is read";
      notices.add(new Notice(Severity.WARNING, jail.where("backend"), text));
    }
    FilterDefinition definition = FilterReader.definition(filter);
    if (definition.failregex().isEmpty()) {
      return Sources.none(definition);
    }
    return new Sources(
        definition,
        journal ? noPaths(name, ini) : paths(name, jail, ini),
        journal,
        jail.read("logencoding", "auto", SourcesReader::encoding),
        jail.text("logtimezone").filter(z -> !z.isEmpty()).isPresent()
            ? Optional.of(jail.read("logtimezone", "", SourcesReader::zone))
            : Optional.empty(),
        JailValues.read(
            filter.where("usedns"),
            "usedns",
            filter.values().getOrDefault("usedns", "warn"),
            SourcesReader::usedns),
        jail.flag("ignoreself", true));
  }

  /** The journal needs no path: told where the administrator gave one for this jail. */
  private List<String> noPaths(String name, Ini ini) {
    IniValue own = ini.own(name).get("logpath");
    if (own != null && own.isLocal()) {
      notices.add(
          new Notice(
              Severity.NOTE, own.where(), "logpath is not needed: the journal is read (backend)"));
    }
    return List.of();
  }

  private List<String> paths(String name, JailValues jail, Ini ini) throws ConfigurationException {
    List<String> paths = new ArrayList<>();
    for (String line : jail.text("logpath", "").split("\n")) {
      String path = line.strip().replaceFirst("\\s+(tail|head)$", "");
      if (path.startsWith("/")) {
        paths.add(path);
        tellSecondWord(jail.where("logpath"), line.strip(), path);
      } else if (!path.isEmpty()) {
        tellNoPath(name, path, ini);
      }
    }
    if (paths.isEmpty()) {
      throw new ConfigurationException(
          ini.where(name, ini.own(name).containsKey("logpath") ? "logpath" : "enabled"),
          "jail " + name + ": logpath has no path, expected one or more, or backend = systemd");
    }
    return paths;
  }

  /** A second word says where to start; it is no second path. */
  private void tellSecondWord(String where, String line, String path) {
    if (line.endsWith(" tail")) {
      String text = "logpath: tail is not needed: a log is read once, each failure at its own time";
      notices.add(new Notice(Severity.NOTE, where, text));
    }
    if (path.matches(".*\\s.*")) {
      String text = "' is taken for one path; several stand on a line each";
      notices.add(new Notice(Severity.WARNING, where, "logpath: '" + Printable.of(path) + text));
    }
  }

  /** Tells of each line of logpath that is no path, also where no path is needed. */
  void tellNoPaths(String name, Ini ini) {
    IniValue own = ini.own(name).get("logpath");
    if (own == null || own.text().contains("%(")) {
      return;
    }
    for (String line : own.text().split("\n")) {
      if (!line.isBlank() && !line.strip().startsWith("/")) {
        tellNoPath(name, line.strip(), ini);
      }
    }
  }

  private void tellNoPath(String name, String path, Ini ini) {
    Optional<IniValue> value = ini.raw(name, "logpath");
    int line = value.map(v -> List.of(v.text().split("\n")).indexOf(path)).orElse(-1);
    String where = value.map(v -> v.where(Math.max(line, 0))).orElse(name);
    String why = line > 0 ? "; an indented line continues the value before it" : "";
    notices.add(
        new Notice(
            Severity.WARNING,
            where,
            "logpath: '" + Printable.of(path) + "' is no path, and is left out" + why));
  }

  private static String encoding(String name) {
    LogEncoding.parse(name);
    return name;
  }

  private static String zone(String name) {
    LogZone.parse(name);
    return name;
  }

  private static UseDns usedns(String text) {
    try {
      return UseDns.valueOf(text.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("expected yes, warn, no or raw", e);
    }
  }
}
