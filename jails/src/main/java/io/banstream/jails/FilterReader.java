package io.banstream.jails;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads a filter of filter.d with the options that a jail, or the command line, gives it. */
final class FilterReader {
  private static final String SUCCESSREGEX = "successregex";

  /** What a filter may say, and a jail too; all but successregex are fail2ban's. */
  static final List<String> KEYS =
      List.of(
          "usedns",
          "prefregex",
          "failregex",
          "ignoreregex",
          "datepattern",
          "maxlines",
          "journalmatch",
          SUCCESSREGEX);

  private final IniReader files;

  FilterReader(IniReader files) {
    this.files = files;
  }

  /** The files of a filter and the options it is given. */
  record Source(String name, Ini ini, Map<String, String> given) {
    /** What a jail without a filter has: its own keys are all. */
    static final Source NONE = new Source("", new Ini(), Map.of());

    Definition definition(Map<String, String> outer) {
      return new Definition(ini, given, outer);
    }
  }

  /**
   * A filter's values and a jail's put together.
   *
   * @param values by key; a key that neither has is not there
   * @param where file and line of each
   */
  record Reading(String name, Map<String, String> values, Map<String, String> where) {
    String where(String key) {
      return where.getOrDefault(key, "filter.d/" + name);
    }
  }

  /**
   * @param where names the key that holds the spec, for messages
   * @param spec {@code name[option=value, ...]}
   * @param undated whether lines come without a date, as the journal's, and with a shorter head
   * @throws ConfigurationException if there is no such filter
   */
  Source source(String where, String spec, boolean undated) throws ConfigurationException {
    ActionLine line;
    try {
      line = ActionLine.parse(spec);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(
          where, "filter = " + Printable.of(spec) + ": " + e.getMessage());
    }
    Optional<Ini> ini = files.read("filter.d/" + line.name());
    if (ini.isEmpty()) {
      throw new ConfigurationException(
          where, "filter = " + Printable.of(spec) + ": no filter.d/" + line.name() + ".conf");
    }
    Map<String, String> given = new LinkedHashMap<>(line.options());
    if (given.getOrDefault("logtype", "").isEmpty()
        && !ini.get().own("Definition").containsKey("logtype")) {
      given.put("logtype", undated ? "journal" : "file");
    }
    return new Source(line.name(), ini.get(), given);
  }

  /** The filter alone. */
  static Reading alone(Source source) throws ConfigurationException {
    Definition definition = source.definition(Map.of());
    Map<String, String> values = new LinkedHashMap<>();
    Map<String, String> where = new LinkedHashMap<>();
    for (String key : KEYS) {
      Optional<String> value = definition.get(key);
      if (value.isPresent()) {
        values.put(key, value.get());
        where.put(key, definition.where(key));
      }
    }
    putOurSuccesses(source.name(), values);
    return new Reading(source.name(), values, where);
  }

  /** What our own filter of that name says, where the one that is read is fail2ban's. */
  private static void putOurSuccesses(String name, Map<String, String> values)
      throws ConfigurationException {
    if (values.containsKey(SUCCESSREGEX)) {
      return;
    }
    Optional<Ini> ours = new IniReader(ConfigurationFolder.builtIn()).read("filter.d/" + name);
    if (ours.isPresent()) {
      new Definition(ours.get(), Map.of(), Map.of())
          .get(SUCCESSREGEX)
          .ifPresent(regex -> values.put(SUCCESSREGEX, regex));
    }
  }

  /**
   * Values that the command line gives, over a filter's.
   *
   * @param under empty: the given ones are all
   * @param given by key; of several, one a line
   */
  static Reading over(Optional<Reading> under, Map<String, String> given) {
    Map<String, String> values = new LinkedHashMap<>();
    Map<String, String> where = new LinkedHashMap<>();
    under.ifPresent(
        reading -> {
          values.putAll(reading.values());
          where.putAll(reading.where());
        });
    given.forEach(
        (key, value) -> {
          values.put(key, value);
          where.put(key, "--" + key);
        });
    return new Reading(under.map(Reading::name).orElse("command-line"), values, where);
  }

  /**
   * The filter in a jail. A jail's key takes the place of the filter's; where the filter has it as
   * an option, given or of {@code [Init]}, fail2ban hears both, and of one that can't be two the
   * option, of datepattern the jail.
   */
  static Reading inJail(Source source, JailValues jail, Map<String, String> outer)
      throws ConfigurationException {
    Definition definition = source.definition(outer);
    Map<String, String> values = new LinkedHashMap<>();
    Map<String, String> where = new LinkedHashMap<>();
    for (String key : KEYS) {
      Optional<String> own = jail.text(key);
      Optional<String> filters =
          own.isEmpty() || definition.isOption(key) ? definition.get(key) : Optional.empty();
      Optional<String> value = filters;
      if (own.isPresent()) {
        value =
            switch (key) {
              case "failregex", "ignoreregex", "journalmatch" ->
                  filters.map(f -> f + "\n" + own.get()).or(() -> own);
              case "datepattern" -> own;
              default -> filters.or(() -> own);
            };
      }
      if (value.isPresent()) {
        values.put(key, value.get());
        where.put(key, filters.isPresent() ? definition.where(key) : jail.where(key));
      }
    }
    putOurSuccesses(source.name(), values);
    return new Reading(source.name(), values, where);
  }

  /**
   * The filter that a reading comes to, checked.
   *
   * @throws ConfigurationException if a regular expression can't be used, or a filter has none
   */
  static FilterDefinition definition(Reading reading) throws ConfigurationException {
    Map<String, String> values = reading.values();
    FilterDefinition filter =
        new FilterDefinition(
            reading.name(),
            Optional.ofNullable(values.get("prefregex")).filter(r -> !r.isBlank()),
            lines(values.get("failregex")),
            lines(values.get("ignoreregex")),
            Optional.ofNullable(values.get("datepattern")).filter(d -> !d.isBlank()),
            maxlines(reading),
            journalmatch(reading),
            lines(values.get(SUCCESSREGEX)));
    if (filter.failregex().isEmpty()) {
      return filter; // a jail's, that finds nothing
    }
    try {
      LineMatcher.check(filter);
    } catch (RegexException e) {
      throw new ConfigurationException(reading.where(e.key()), e.getMessage());
    }
    return filter;
  }

  /** The filter, to be tried: one without a failregex says nothing. */
  static FilterDefinition requireFailregex(FilterDefinition filter) throws ConfigurationException {
    if (filter.failregex().isEmpty()) {
      throw new ConfigurationException(
          "filter.d/" + filter.name(), "failregex has no line, expected one regex or more");
    }
    return filter;
  }

  private static int maxlines(Reading reading) throws ConfigurationException {
    String value = reading.values().getOrDefault("maxlines", "1");
    if (!value.matches("[1-9]\\d{0,3}")) {
      throw new ConfigurationException(
          reading.where("maxlines"), "maxlines = " + Printable.of(value) + ", expected 1 to 9999");
    }
    return Integer.parseInt(value);
  }

  private static List<String> lines(String value) {
    return value == null
        ? List.of()
        : Stream.of(value.split("\n")).filter(l -> !l.isBlank()).toList();
  }

  /** Each line, and within it each side of a plus, is a group of its own. */
  private static List<String> journalmatch(Reading reading) throws ConfigurationException {
    List<String> groups = new ArrayList<>();
    for (String line : lines(reading.values().get("journalmatch"))) {
      List<String> group = new ArrayList<>();
      for (String word : words(reading, line)) {
        if (word.equals("+")) {
          add(groups, group);
          group.clear();
        } else {
          group.add(word);
        }
      }
      add(groups, group);
    }
    return groups;
  }

  private static void add(List<String> groups, List<String> group) {
    if (!group.isEmpty()) {
      groups.add(ShellWords.join(group));
    }
  }

  private static List<String> words(Reading reading, String line) throws ConfigurationException {
    try {
      return ShellWords.split(line);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(
          reading.where("journalmatch"),
          "journalmatch = " + Printable.of(line) + ": " + e.getMessage());
    }
  }
}
