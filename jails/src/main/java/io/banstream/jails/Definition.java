package io.banstream.jails;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A filter or an action with the options that a jail gives it: what each key comes to once every
 * {@code <tag>} is put in.
 *
 * <p>The options go first, then {@code [Init]}, then the jail's own values, then {@code
 * [Definition]}, then DEFAULT. A tag may be nested ({@code <mdre-<mode>>}) and may name a section
 * ({@code <lt_file/datepattern>}); {@code <known/key>} is {@code [Init]}'s own. A tag that nothing
 * defines stays ({@code <HOST>}), and so does one that {@code [Init?family=inet6]} defines for one
 * family: what it is, is known only when an address is.
 */
final class Definition {
  private static final String SECTION = "Definition";
  private static final String INIT = "Init";
  private static final String KNOWN = "known/";
  private static final Pattern TAG = Pattern.compile("<([^ <>]+)>");
  private static final Pattern CONDITIONAL = Pattern.compile("(\\w+)\\?.+");

  /** As many times as one tag may be put into one value before it is taken for a circle. */
  private static final int MOST_REPLACEMENTS = 25;

  private final Ini ini;
  private final Map<String, String> given;
  private final Map<String, String> vars = new HashMap<>();
  private final Set<String> left = new HashSet<>();
  private final Set<String> uninformed;

  /**
   * @param given the options in brackets
   * @param outer what else {@code %(name)s} and {@code <name>} may name: the jail's values
   */
  Definition(Ini ini, Map<String, String> given, Map<String, String> outer) {
    this(ini, given, outer, Set.of());
  }

  /**
   * @param left tags that are left as they are
   */
  Definition(Ini ini, Map<String, String> given, Map<String, String> outer, Set<String> left) {
    this.ini = ini;
    this.given = given;
    this.uninformed = Set.of();
    vars.putAll(outer);
    given.forEach((k, v) -> vars.put(k.toLowerCase(Locale.ROOT), v));
    this.left.addAll(left);
    this.left.addAll(conditional());
  }

  private Definition(Definition same, Set<String> uninformed) {
    this.ini = same.ini;
    this.given = new LinkedHashMap<>(same.given);
    this.uninformed = uninformed;
    vars.putAll(same.vars);
    left.addAll(same.left);
  }

  /**
   * The same for addresses of one family: what differs by it is put in as well.
   *
   * @param family {@code inet4} or {@code inet6}
   */
  Definition forFamily(String family) throws ConfigurationException {
    Definition known = new Definition(this, uninformed);
    known.left.removeAll(conditional());
    for (Map.Entry<String, String> option : options().entrySet()) {
      Matcher conditional = CONDITIONAL.matcher(option.getKey());
      if (conditional.matches() && option.getKey().endsWith("?family=" + family)) {
        known.given.put(conditional.group(1), option.getValue());
      }
    }
    return known;
  }

  /** The keys that have another value for one family. */
  private Set<String> conditional() {
    return Stream.of(given.keySet(), ini.own(INIT).keySet())
        .flatMap(Set::stream)
        .map(CONDITIONAL::matcher)
        .filter(Matcher::matches)
        .map(m -> m.group(1))
        .collect(Collectors.toSet());
  }

  /** Where a key got its value. */
  String where(String key) {
    return ini.own(INIT).containsKey(key) ? ini.where(INIT, key) : ini.where(SECTION, key);
  }

  /** Whether it is an option, given or in {@code [Init]}: then the jail's own key is nothing. */
  boolean isOption(String key) {
    return given.containsKey(key) || ini.own(INIT).containsKey(key);
  }

  /**
   * @throws ConfigurationException if tags go round in a circle, or {@code %(name)s} names nothing
   */
  Optional<String> get(String key) throws ConfigurationException {
    Optional<String> raw = raw(key);
    return raw.isEmpty() || left.contains(key) ? raw : Optional.of(substitute(key, raw.get()));
  }

  /** The options, given and of {@code [Init]}, their tags not put in. */
  Map<String, String> options() throws ConfigurationException {
    Map<String, String> options = new LinkedHashMap<>(given);
    for (String key : ini.own(INIT).keySet()) {
      if (!options.containsKey(key)) {
        options.put(key, init(key));
      }
    }
    return options;
  }

  /**
   * All that it says, each key with its tags put in: what {@code %(known/key)s} means in a jail.
   *
   * @param informed keys whose {@code %(name)s} may name options and the jail's values; here, and
   *     here only, fail2ban lets the others name nothing but what stands in the file
   */
  Map<String, String> all(Collection<String> informed) throws ConfigurationException {
    Set<String> keys = new LinkedHashSet<>(ini.own(SECTION).keySet());
    keys.addAll(ini.own(IniFile.DEFAULT).keySet());
    keys.addAll(options().keySet());
    Set<String> others = new HashSet<>(keys);
    others.removeAll(informed);
    Definition known = new Definition(this, others);
    Map<String, String> all = new LinkedHashMap<>();
    for (String key : keys) {
      all.put(key, known.get(key).orElseThrow());
    }
    return all;
  }

  /** {@code [Init]}'s value; what is given for all families is given for each. */
  private String init(String key) throws ConfigurationException {
    Matcher conditional = CONDITIONAL.matcher(key);
    return conditional.matches() && given.containsKey(conditional.group(1))
        ? given.get(conditional.group(1))
        : ini.get(INIT, key, Map.of()).orElseThrow();
  }

  private Optional<String> raw(String key) throws ConfigurationException {
    if (given.containsKey(key)) {
      return Optional.of(given.get(key));
    }
    if (ini.own(INIT).containsKey(key)) {
      return Optional.of(init(key));
    }
    if (key.startsWith(KNOWN) && ini.own(INIT).containsKey(key.substring(KNOWN.length()))) {
      return ini.get(INIT, key.substring(KNOWN.length()), Map.of());
    }
    return ini.getAnywhere(SECTION, key, uninformed.contains(key) ? Map.of() : vars);
  }

  private String substitute(String key, String raw) throws ConfigurationException {
    String value = raw;
    Map<String, Integer> replaced = new HashMap<>();
    Matcher m = TAG.matcher(value);
    int from = 0;
    while (m.find(from)) {
      String tag = m.group(1);
      Optional<String> replacement = left.contains(tag) ? Optional.empty() : raw(tag);
      if (replacement.isEmpty()) {
        from = m.end();
        continue;
      }
      if (tag.equals(key) || replaced.merge(tag, 1, Integer::sum) > MOST_REPLACEMENTS) {
        throw new ConfigurationException(
            where(key),
            key + " = " + Printable.of(raw) + ": <" + tag + "> comes to stand in itself");
      }
      value = value.replace(m.group(), replacement.get());
      from = 0;
      m = TAG.matcher(value);
    }
    return value;
  }
}
