package io.banstream.jails;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The layers of one name ({@code jail}, {@code filter.d/sshd}) put over each other.
 *
 * <p>Of every key that a later layer sets again, the value before it is kept: that is what {@code
 * %(known/key)s} means. (fail2ban keeps one such value, and none of DEFAULT's: a third layer that
 * says {@code %(known/key)s}, or DEFAULT, it refuses as standing in itself.)
 */
final class Ini {
  private static final String KNOWN = "known/";

  /** {@code [Init?family=inet6]} sets {@code key?family=inet6} in {@code [Init]}. */
  private static final Pattern CONDITION = Pattern.compile("(\\w+)(\\?.+)");

  private final Map<String, IniValue> defaults = new LinkedHashMap<>();
  private final Map<String, Map<String, IniValue>> sections = new LinkedHashMap<>();
  private final Map<IniValue, IniValue> earlier = new HashMap<>();

  /** Puts a file over what is there. */
  void add(IniFile file) {
    file.sections()
        .forEach(
            (name, keys) -> {
              if (name.equals(IniFile.DEFAULT)) {
                add(defaults, keys, "");
              } else {
                addSection(name, keys);
              }
            });
  }

  /** Gives DEFAULT a key that no file has to say, and none can say otherwise. */
  void predefine(String key, String text) {
    defaults.put(key, new IniValue(key, text, ConfigurationFolder.BUILT_IN + key, List.of(1)));
  }

  /** Puts one value over what is there. */
  void put(String section, IniValue value) {
    Map<String, IniValue> there =
        section.equals(IniFile.DEFAULT)
            ? defaults
            : sections.computeIfAbsent(section, s -> new LinkedHashMap<>());
    add(there, Map.of(value.key(), value), "");
  }

  private void addSection(String name, Map<String, IniValue> keys) {
    Matcher condition = CONDITION.matcher(name);
    String section = condition.matches() ? condition.group(1) : name;
    String suffix = condition.matches() ? condition.group(2) : "";
    add(sections.computeIfAbsent(section, s -> new LinkedHashMap<>()), keys, suffix);
  }

  private void add(Map<String, IniValue> there, Map<String, IniValue> keys, String suffix) {
    keys.forEach(
        (k, value) -> {
          IniValue before = there.put(k + suffix, value);
          if (before != null && !before.equals(value)) {
            earlier.put(value, before);
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
   * known/failregex} (where no layer before had it: the key itself).
   */
  Optional<String> getAnywhere(String section, String key, Map<String, String> vars)
      throws ConfigurationException {
    int slash = key.indexOf('/');
    if (slash > 0 && !vars.containsKey(key)) {
      String option = key.substring(slash + 1).toLowerCase(Locale.ROOT);
      boolean known = key.startsWith(KNOWN);
      Optional<IniValue> named =
          known
              ? before(section, option).or(() -> raw(section, option))
              : named(section, key, slash);
      if (named.isPresent()) {
        String home = known ? section : key.substring(0, slash);
        return Optional.of(new Interpolation(this, home, named.get(), vars).text());
      }
    }
    return get(section, key.toLowerCase(Locale.ROOT), vars);
  }

  /**
   * What {@code %(key)s} stands for in a section, before its own interpolation.
   *
   * @param asking the value that names it
   */
  Optional<IniValue> reference(String section, String key, IniValue asking) {
    if (key.equals(KNOWN + asking.key()) && earlier.containsKey(asking)) {
      return Optional.of(earlier.get(asking));
    }
    int slash = key.indexOf('/');
    Optional<IniValue> named = slash > 0 ? named(section, key, slash) : Optional.empty();
    return named.isPresent() ? named : raw(section, key);
  }

  private Optional<IniValue> named(String section, String key, int slash) {
    String home = key.substring(0, slash);
    String option = key.substring(slash + 1).toLowerCase(Locale.ROOT);
    Optional<IniValue> value = Optional.empty();
    if (home.equalsIgnoreCase("known")) {
      value = before(section, option);
    } else if (!home.equalsIgnoreCase(IniFile.DEFAULT)) {
      if (!sections.containsKey(home)) {
        return Optional.empty();
      }
      value = Optional.ofNullable(sections.get(home).get(option));
    }
    return value.or(() -> Optional.ofNullable(defaults.get(option)));
  }

  /** What the layers said of a section's own key before they said what holds. */
  private Optional<IniValue> before(String section, String key) {
    return Optional.ofNullable(own(section).get(key)).map(earlier::get);
  }

  /** Every value that the layers hold, for a look at what is used. */
  List<IniValue> all() {
    List<IniValue> all = new ArrayList<>(defaults.values());
    sections.values().forEach(s -> all.addAll(s.values()));
    all.addAll(earlier.values());
    return all;
  }
}
