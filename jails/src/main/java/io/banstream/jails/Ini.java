package io.banstream.jails;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The layers of one name ({@code jail}, {@code filter.d/sshd}) put over each other.
 *
 * <p>Of every key that a later layer sets again, the value before it is kept: that is what {@code
 * %(known/key)s} means.
 */
final class Ini {
  private static final String KNOWN = "known/";

  private final Map<String, IniValue> defaults = new LinkedHashMap<>();
  private final Map<String, Map<String, IniValue>> sections = new LinkedHashMap<>();
  private final Map<String, Map<String, IniValue>> known = new LinkedHashMap<>();

  /** Puts a file over what is there. */
  void add(IniFile file) {
    file.sections()
        .forEach(
            (name, keys) -> {
              if (name.equals(IniFile.DEFAULT)) {
                defaults.putAll(keys);
              } else {
                add(name, keys);
              }
            });
  }

  private void add(String name, Map<String, IniValue> keys) {
    // [Init?family=inet6] sets key?family=inet6 in [Init].
    int condition = name.indexOf('?');
    String section = condition < 0 ? name : name.substring(0, condition);
    String suffix = condition < 0 ? "" : name.substring(condition);
    Map<String, IniValue> there = sections.computeIfAbsent(section, s -> new LinkedHashMap<>());
    keys.forEach(
        (k, value) -> {
          IniValue earlier = there.put(k + suffix, value);
          if (earlier != null) {
            known.computeIfAbsent(section, s -> new LinkedHashMap<>()).put(k + suffix, earlier);
          }
        });
  }

  Set<String> sections() {
    return new LinkedHashSet<>(sections.keySet());
  }

  /** The keys that a section itself has. */
  Map<String, IniValue> own(String section) {
    return section.equals(IniFile.DEFAULT) ? defaults : sections.getOrDefault(section, Map.of());
  }

  /** A value as written, of the section or of DEFAULT. */
  Optional<IniValue> raw(String section, String key) {
    IniValue value = own(section).get(key);
    return Optional.ofNullable(value == null ? defaults.get(key) : value);
  }

  /** Where a key got its value; the section itself where it has none. */
  String where(String section, String key) {
    return raw(section, key).map(IniValue::where).orElse("[" + section + "]");
  }

  /**
   * A value with its {@code %(...)s} put in.
   *
   * @param vars go before what the section says, and are taken as they are
   * @throws ConfigurationException if it names a key that is not there, or itself
   */
  Optional<String> get(String section, String key, Map<String, String> vars)
      throws ConfigurationException {
    if (vars.containsKey(key)) {
      return Optional.of(vars.get(key));
    }
    Optional<IniValue> raw = raw(section, key);
    return raw.isEmpty()
        ? Optional.empty()
        : Optional.of(new Interpolation(this, section, raw.get(), vars).text());
  }

  /**
   * As {@link #get}, for a key that may name its section: {@code lt_file/datepattern}, {@code
   * known/failregex}.
   */
  Optional<String> getAnywhere(String section, String key, Map<String, String> vars)
      throws ConfigurationException {
    int slash = key.indexOf('/');
    if (slash > 0 && !vars.containsKey(key)) {
      Optional<IniValue> named = named(section, key, slash);
      if (named.isPresent()) {
        String home = key.startsWith(KNOWN) ? section : key.substring(0, slash);
        return Optional.of(new Interpolation(this, home, named.get(), vars).text());
      }
    }
    return get(section, key.toLowerCase(Locale.ROOT), vars);
  }

  /** What {@code %(key)s} stands for in a section, before its own interpolation. */
  Optional<IniValue> reference(String section, String key) {
    int slash = key.indexOf('/');
    Optional<IniValue> named = slash > 0 ? named(section, key, slash) : Optional.empty();
    return named.isPresent() ? named : raw(section, key);
  }

  private Optional<IniValue> named(String section, String key, int slash) {
    String home = key.substring(0, slash);
    String option = key.substring(slash + 1).toLowerCase(Locale.ROOT);
    Map<String, IniValue> keys = Map.of();
    if (home.equalsIgnoreCase("known")) {
      keys = known.getOrDefault(section, Map.of());
    } else if (!home.equalsIgnoreCase(IniFile.DEFAULT)) {
      keys = sections.get(home);
      if (keys == null) {
        return Optional.empty();
      }
    }
    IniValue value = keys.get(option);
    return Optional.ofNullable(value == null ? defaults.get(option) : value);
  }

  /** Every value that the layers hold, for a look at what is used. */
  List<IniValue> all() {
    List<IniValue> all = new java.util.ArrayList<>(defaults.values());
    sections.values().forEach(s -> all.addAll(s.values()));
    known.values().forEach(s -> all.addAll(s.values()));
    return all;
  }
}
