package io.banstream.jails;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads a filter of filter.d with the options that a jail, or the command line, gives it. */
final class FilterReader {
  /** What a filter may say, and a jail in its place. */
  static final List<String> KEYS =
      List.of("prefregex", "failregex", "ignoreregex", "datepattern", "maxlines", "journalmatch");

  private final IniReader files;

  FilterReader(IniReader files) {
    this.files = files;
  }

  /**
   * A filter with its options, and where it stands.
   *
   * @param values what it says, by key; a key that it does not have is not there
   * @param where file and line of each
   */
  record Reading(String name, Map<String, String> values, Map<String, String> where) {}

  /**
   * @param where names the key that holds the spec, for messages
   * @param spec {@code name[option=value, ...]}
   * @param journal whether lines come from the journal: without a date, and with a shorter head
   * @param outer what else {@code %(name)s} may name
   * @throws ConfigurationException if there is no such filter
   */
  Reading read(String where, String spec, boolean journal, Map<String, String> outer)
      throws ConfigurationException {
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
    if (!ini.get().own("Definition").containsKey("logtype")) {
      given.putIfAbsent("logtype", journal ? "journal" : "file");
    }
    Definition definition = new Definition(ini.get(), given, outer);
    Map<String, String> values = new LinkedHashMap<>();
    Map<String, String> places = new LinkedHashMap<>();
    for (String key : KEYS) {
      Optional<String> value = definition.get(key);
      if (value.isPresent()) {
        values.put(key, value.get());
        places.put(key, definition.where(key));
      }
    }
    return new Reading(line.name(), values, places);
  }

  /**
   * The filter that a reading comes to, checked.
   *
   * @throws ConfigurationException if a regular expression can't be used, or there is none
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
            journalmatch(values.get("journalmatch")));
    if (filter.failregex().isEmpty()) {
      throw new ConfigurationException(
          "filter.d/" + reading.name(), "failregex has no line, expected one regex or more");
    }
    try {
      LineMatcher.check(filter);
    } catch (RegexException e) {
      throw new ConfigurationException(
          reading.where().getOrDefault(e.key(), "filter.d/" + reading.name()), e.getMessage());
    }
    return filter;
  }

  private static int maxlines(Reading reading) throws ConfigurationException {
    String value = reading.values().getOrDefault("maxlines", "1");
    if (!value.matches("[1-9]\\d{0,3}")) {
      throw new ConfigurationException(
          reading.where().get("maxlines"),
          "maxlines = " + Printable.of(value) + ", expected 1 to 9999");
    }
    return Integer.parseInt(value);
  }

  private static List<String> lines(String value) {
    return value == null
        ? List.of()
        : Stream.of(value.split("\n")).filter(l -> !l.isBlank()).toList();
  }

  /** Each line, and within it each side of a plus, is a group of its own. */
  private static List<String> journalmatch(String value) {
    List<String> groups = new ArrayList<>();
    for (String line : lines(value)) {
      Stream.of(line.split("(^|\\s)\\+(?=\\s|$)"))
          .map(String::strip)
          .filter(g -> !g.isEmpty())
          .forEach(groups::add);
    }
    return groups;
  }
}
