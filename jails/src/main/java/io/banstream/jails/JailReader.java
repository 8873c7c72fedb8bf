package io.banstream.jails;

import io.banstream.jails.Notice.Severity;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads one section of the jail files into a jail. */
final class JailReader {
  private final Ini ini;
  private final FilterReader filters;
  private final EnforcementReader enforcements;
  private final PolicyReader policies;
  private final SourcesReader sources;
  private final Settings settings;
  private final List<Notice> notices;

  JailReader(
      Ini ini,
      FilterReader filters,
      ActionReader actions,
      Settings settings,
      List<Notice> notices) {
    this.ini = ini;
    this.filters = filters;
    this.enforcements = new EnforcementReader(actions, notices);
    this.policies = new PolicyReader(notices);
    this.sources = new SourcesReader(notices);
    this.settings = settings;
    this.notices = notices;
  }

  /** The jail; empty where it is not enabled. */
  Optional<Jail> read(String name) throws ConfigurationException {
    JailValues first = new JailValues(ini, name, Map.of());
    if (!first.flag("enabled", false)) {
      return Optional.empty();
    }
    boolean recidive = name.equals(Jail.RECIDIVE);
    boolean ownScope = !recidive || ini.own(name).containsKey("scope");
    try {
      if (recidive) {
        Policy policy = policies.read(first, ownScope, settings.dbpurgeage());
        tellNotNeeded(name, first);
        return Optional.of(
            new Jail(name, policy, Sources.none(counting()), enforcements.read(name, first, ini)));
      }
      FilterReader.Reading reading = filter(name, first);
      Map<String, String> known = new LinkedHashMap<>();
      reading.values().forEach((k, v) -> known.put("known/" + k, v));
      JailValues jail = new JailValues(ini, name, known);
      FilterDefinition filter = FilterReader.definition(overridden(name, jail, reading));
      return Optional.of(
          new Jail(
              name,
              policies.read(jail, ownScope, settings.dbpurgeage()),
              sources.read(name, jail, ini, filter),
              enforcements.read(name, jail, ini)));
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(
          ini.where(name, "enabled"), "[" + Printable.of(name) + "] " + e.getMessage());
    }
  }

  private FilterReader.Reading filter(String name, JailValues jail) throws ConfigurationException {
    String spec = jail.text("filter", "");
    if (spec.isEmpty()) {
      throw new ConfigurationException(
          jail.where("filter"),
          "jail " + name + ": filter is missing, expected a name in filter.d");
    }
    return filters.read(jail.where("filter"), spec, SourcesReader.journal(jail), Map.of());
  }

  /** What the jail itself says goes before what its filter says. */
  private FilterReader.Reading overridden(
      String name, JailValues jail, FilterReader.Reading reading) throws ConfigurationException {
    Map<String, String> values = new LinkedHashMap<>(reading.values());
    Map<String, String> where = new LinkedHashMap<>(reading.where());
    for (String key : FilterReader.KEYS) {
      Optional<String> own = jail.text(key);
      if (own.isPresent()) {
        values.put(key, own.get());
        where.put(key, ini.where(name, key));
      }
    }
    return new FilterReader.Reading(reading.name(), values, where);
  }

  /** What stands in the place of recidive's filter: it reads no line. */
  private static FilterDefinition counting() {
    return new FilterDefinition(
        Jail.RECIDIVE, Optional.empty(), List.of(), List.of(), Optional.empty(), 1, List.of());
  }

  private void tellNotNeeded(String name, JailValues jail) throws ConfigurationException {
    for (String key : List.of("filter", "logpath", "backend")) {
      IniValue own = ini.own(name).get(key);
      if (own != null && own.isLocal()) {
        String text = key + " is not needed: recidive counts the bans themselves, and reads no log";
        notices.add(new Notice(Severity.NOTE, own.where(), text));
      }
    }
    sources.tellNoPaths(name, ini);
    if (SourcesReader.journal(jail)) {
      notices.add(
          new Notice(
              Severity.NOTE,
              jail.where("backend"),
              "backend = systemd made fail2ban's recidive watch the journal, while the bans are"
                  + " written to "
                  + settings.logtarget()
                  + ": it never banned. Here it counts the bans themselves"));
    }
  }
}
