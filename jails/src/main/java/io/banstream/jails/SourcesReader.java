package io.banstream.jails;

import io.banstream.jails.Notice.Severity;
import io.banstream.jails.Sources.UseDns;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads where a jail's failures are seen. */
final class SourcesReader {
  private static final Set<String> FILE_BACKENDS = Set.of("auto", "polling", "pyinotify", "gamin");

  /** A path, and where reading begins. */
  private static final Pattern PATH =
      Pattern.compile("(.*\\S)\\s+(tail|head)", Pattern.CASE_INSENSITIVE);

  private final List<Notice> notices;

  /**
   * @param notices what is to be told is added here
   */
  SourcesReader(List<Notice> notices) {
    this.notices = notices;
  }

  /** What a jail reads. */
  enum Backend {
    FILES(""),
    JOURNAL("the journal is read"),
    SYSLOG("what comes by the agent's syslog sockets is read");

    private final String instead;

    Backend(String instead) {
      this.instead = instead;
    }

    /** Whether its lines come without a date, as {@code HOST TAG[PID]: MESSAGE}. */
    boolean isUndated() {
      return this != FILES;
    }
  }

  static Backend backend(JailValues jail) throws ConfigurationException {
    return jail.read(
        "backend",
        "auto",
        t -> {
          if (t.equals("systemd") || t.startsWith("systemd[")) {
            return Backend.JOURNAL;
          }
          if (t.equals("syslog")) {
            return Backend.SYSLOG;
          }
          if (!FILE_BACKENDS.contains(t)) {
            throw new IllegalArgumentException("expected systemd, syslog, or auto for files");
          }
          return Backend.FILES;
        });
  }

  Sources read(String name, JailValues jail, Ini ini, FilterReader.Reading filter)
      throws ConfigurationException {
    Backend backend = backend(jail);
    if (backend == Backend.JOURNAL && jail.text("backend", "").indexOf('[') >= 0) {
      String text = "backend: the options of systemd are not heard; this host's journal is read";
      notices.add(new Notice(Severity.WARNING, jail.where("backend"), text));
    }
    FilterDefinition definition = FilterReader.definition(filter);
    if (definition.failregex().isEmpty()) {
      if (!definition.name().isEmpty()) {
        String text = "filter " + definition.name() + " has no failregex: jail " + name;
        notices.add(
            new Notice(Severity.WARNING, filter.where("failregex"), text + " counts nothing"));
      }
      return Sources.none(definition);
    }
    Map<String, Boolean> paths =
        backend == Backend.FILES ? paths(name, jail, ini) : noPaths(name, ini, backend);
    return new Sources(
        definition,
        List.copyOf(paths.keySet()),
        backend == Backend.JOURNAL,
        jail.read("logencoding", "auto", SourcesReader::encoding),
        jail.text("logtimezone").filter(z -> !z.isEmpty()).isPresent()
            ? Optional.of(jail.read("logtimezone", "", SourcesReader::zone))
            : Optional.empty(),
        JailValues.read(
            filter.where("usedns"),
            "usedns",
            filter.values().getOrDefault("usedns", "warn"),
            SourcesReader::usedns),
        jail.flag("ignoreself", true),
        paths.keySet().stream().filter(paths::get).toList(),
        backend == Backend.FILES && journalIfNoLogs(jail, definition),
        backend == Backend.SYSLOG,
        ignorecommand(jail));
  }

  /** Empty, and told, where the command asks for what it can't be given. */
  private Optional<IgnoreCommand> ignorecommand(JailValues jail) throws ConfigurationException {
    String command = jail.text("ignorecommand", "");
    if (command.isEmpty()) {
      return Optional.empty();
    }
    Optional<IgnoreCommand.Cache> cache =
        jail.text("ignorecache", "").isEmpty()
            ? Optional.empty()
            : Optional.of(jail.read("ignorecache", "", IgnoreCommand.Cache::parse));
    try {
      IgnoreCommand asked = new IgnoreCommand(command, cache);
      String text =
          "ignorecommand runs on hosts whose agent has --allow-ignorecommand; on others what it"
              + " would ignore is counted";
      notices.add(new Notice(Severity.NOTE, jail.where("ignorecommand"), text));
      return Optional.of(asked);
    } catch (IllegalArgumentException e) {
      String text =
          "ignorecommand is not run: " + e.getMessage() + "; what it would ignore is counted";
      notices.add(new Notice(Severity.WARNING, jail.where("ignorecommand"), text));
      return Optional.empty();
    }
  }

  /** As fail2ban's master: only where the filter was made for the journal too. */
  private boolean journalIfNoLogs(JailValues jail, FilterDefinition filter)
      throws ConfigurationException {
    boolean auto = jail.text("backend", "auto").equals("auto");
    boolean wanted = jail.flag("systemd_if_nologs", true);
    if (wanted && jail.text("systemd_if_nologs").isPresent() && auto) {
      tellNoMatch(jail, filter);
    }
    return auto && wanted && !filter.journalmatch().isEmpty();
  }

  private void tellNoMatch(JailValues jail, FilterDefinition filter) {
    if (filter.journalmatch().isEmpty()) {
      String text =
          "systemd_if_nologs: without a journalmatch a log that is not there is waited for";
      notices.add(new Notice(Severity.NOTE, jail.where("systemd_if_nologs"), text));
    }
  }

  /** Only files need a path: told where the administrator gave one for this jail. */
  private Map<String, Boolean> noPaths(String name, Ini ini, Backend backend) {
    IniValue own = ini.own(name).get("logpath");
    if (own != null && own.isLocal()) {
      notices.add(
          new Notice(
              Severity.NOTE,
              own.where(),
              "logpath is not needed: " + backend.instead + " (backend)"));
    }
    return Map.of();
  }

  /** Each path, and whether tail stands behind it. Of a path twice the first holds. */
  private Map<String, Boolean> paths(String name, JailValues jail, Ini ini)
      throws ConfigurationException {
    Map<String, Boolean> paths = new LinkedHashMap<>();
    for (String line : jail.text("logpath", "").split("\n")) {
      Matcher said = PATH.matcher(line.strip());
      String path = said.matches() ? said.group(1) : line.strip();
      if (path.startsWith("/")) {
        paths.putIfAbsent(path, said.matches() && said.group(2).equalsIgnoreCase("tail"));
        tellSecondPath(jail.where("logpath"), path);
      } else if (!path.isEmpty()) {
        tellNoPath(name, path, ini);
      }
    }
    if (paths.isEmpty()) {
      throw new ConfigurationException(
          ini.where(name, ini.own(name).containsKey("logpath") ? "logpath" : "enabled"),
          "jail "
              + name
              + ": logpath has no path, expected one or more, or backend = systemd or syslog");
    }
    return paths;
  }

  private void tellSecondPath(String where, String path) {
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
