package io.banstream.jails;

import io.banstream.jails.Notice.Severity;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads one section of the jail files into a jail. */
final class JailReader {
  private static final List<String> KEYS =
      Stream.concat(Table.lines("jail-options.txt").stream(), FilterReader.KEYS.stream()).toList();

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
      HostNames names,
      Settings settings,
      List<Notice> notices) {
    this.ini = ini;
    this.filters = filters;
    this.enforcements = new EnforcementReader(actions, notices);
    this.policies = new PolicyReader(new IgnoreReader(names, notices), notices);
    this.sources = new SourcesReader(notices);
    this.settings = settings;
    this.notices = notices;
  }

  /**
   * A jail as it is put in force, and what it was made of.
   *
   * @param resolved the same in fail2ban's words
   */
  record Reading(Jail jail, ResolvedJail resolved) {}

  /** The jail; empty where it is not enabled. */
  Optional<Reading> read(String name) throws ConfigurationException {
    JailValues first = new JailValues(ini, name, Map.of());
    if (!first.flag("enabled", false)) {
      return Optional.empty();
    }
    try {
      return Optional.of(isRecidive(name, first) ? recidive(name, first) : reading(name, first));
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(
          ini.where(name, "enabled"), "[" + Printable.of(name) + "] " + e.getMessage());
    }
  }

  /** As in fail2ban a jail of any name may have the filter: {@code recidive[_jailname=...]}. */
  private static boolean isRecidive(String name, JailValues jail) throws ConfigurationException {
    String filter = jail.text("filter", "");
    return name.equals(Jail.RECIDIVE) || filter.split("\\[", 2)[0].strip().equals(Jail.RECIDIVE);
  }

  private Reading recidive(String name, JailValues jail) throws ConfigurationException {
    Policy policy = policies.recidive(jail, ini.own(name)::containsKey, settings.dbpurgeage());
    tellNotNeeded(name, jail);
    Map<String, String> values = values(jail);
    EnforcementReader.Reading closing = enforcements.read(name, jail, ini, values);
    return new Reading(
        new Jail(name, policy, Sources.none(counting()), closing.enforcement()),
        new ResolvedJail(name, values, closing.actions()));
  }

  private Reading reading(String name, JailValues first) throws ConfigurationException {
    FilterReader.Source source = filter(name, first);
    IniValue spec = ini.own(name).get("filter");
    Set<String> options = spec != null && spec.isLocal() ? source.given().keySet() : Set.of();
    new FilterKeys(source.ini(), source.given(), ini).tell(first.where("filter"), options, notices);
    Map<String, String> known = new LinkedHashMap<>();
    source
        .definition(firstValues(first))
        .all(FilterReader.KEYS)
        .forEach((k, v) -> known.put("known/" + k, v));
    JailValues jail = new JailValues(ini, name, known);
    Map<String, String> values = values(jail);
    FilterReader.Reading filter = FilterReader.inJail(source, jail, values);
    EnforcementReader.Reading closing = enforcements.read(name, jail, ini, values);
    return new Reading(
        new Jail(
            name,
            policies.logins(jail, settings.dbpurgeage()),
            sources.read(name, jail, ini, filter),
            closing.enforcement()),
        new ResolvedJail(name, values, closing.actions()));
  }

  private FilterReader.Source filter(String name, JailValues jail) throws ConfigurationException {
    String spec = jail.text("filter", "");
    if (spec.isEmpty()) {
      String text = "jail " + name + " has no filter: it has its own failregex, or counts nothing";
      notices.add(new Notice(Severity.WARNING, jail.where("filter"), text));
      return FilterReader.Source.NONE;
    }
    return filters.source(jail.where("filter"), spec, SourcesReader.backend(jail).isUndated());
  }

  /** What a filter may name of the jail before its own values are known to the jail. */
  private static Map<String, String> firstValues(JailValues jail) throws ConfigurationException {
    Map<String, String> values = new LinkedHashMap<>();
    for (String key : List.of("enabled", "backend", "filter")) {
      values.put(key, jail.text(key, ""));
    }
    return values;
  }

  /** What a jail says of the keys that fail2ban gives to its server, its filter and its actions. */
  private static Map<String, String> values(JailValues jail) throws ConfigurationException {
    Map<String, String> values = new LinkedHashMap<>();
    for (String key : KEYS) {
      Optional<String> value = jail.text(key);
      if (value.isPresent()) {
        values.put(key, value.get());
      }
    }
    return values;
  }

  /** What stands in the place of recidive's filter: it reads no line. */
  private static FilterDefinition counting() {
    return new FilterDefinition(
        Jail.RECIDIVE,
        Optional.empty(),
        List.of(),
        List.of(),
        Optional.empty(),
        1,
        List.of(),
        List.of());
  }

  private void tellNotNeeded(String name, JailValues jail) throws ConfigurationException {
    for (String key : List.of("filter", "logpath", "backend")) {
      IniValue own = ini.own(name).get(key);
      boolean needed = key.equals("filter") && !name.equals(Jail.RECIDIVE); // it says what it is
      if (own != null && own.isLocal() && !needed) {
        String text = key + " is not needed: recidive counts the bans themselves, and reads no log";
        notices.add(new Notice(Severity.NOTE, own.where(), text));
      }
    }
    sources.tellNoPaths(name, ini);
    if (SourcesReader.backend(jail) == SourcesReader.Backend.JOURNAL) {
      notices.add(
          new Notice(
              Severity.NOTE,
              jail.where("backend"),
              "backend = systemd made fail2ban's recidive watch the journal, while the bans are"
                  + " written to "
                  + settings.logtarget().text()
                  + ": it never banned. Here it counts the bans themselves"));
    }
  }
}
