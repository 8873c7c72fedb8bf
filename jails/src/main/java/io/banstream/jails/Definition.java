package io.banstream.jails;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A filter or an action with the options that a jail gives it: what each key comes to once every
 * {@code <tag>} is put in.
 *
 * <p>The options go first, then {@code [Init]}, then {@code [Definition]}, then DEFAULT. A tag may
 * be nested ({@code <mdre-<mode>>}) and may name a section ({@code <lt_file/datepattern>}); {@code
 * <known/key>} is {@code [Init]}'s own. A tag that nothing defines stays ({@code <HOST>}).
 */
final class Definition {
  private static final String SECTION = "Definition";
  private static final String INIT = "Init";
  private static final Pattern TAG = Pattern.compile("<([^ <>]+)>");

  /** As many times as one tag may be put into one value before it is taken for a circle. */
  private static final int MOST_REPLACEMENTS = 25;

  private final Ini ini;
  private final Map<String, String> given;
  private final Map<String, String> vars;

  /**
   * @param given the options in brackets
   * @param outer what else {@code %(name)s} may name: the jail's values
   */
  Definition(Ini ini, Map<String, String> given, Map<String, String> outer) {
    this.ini = ini;
    this.given = given;
    this.vars = IniReader.merge(outer, given);
  }

  /** Where a key got its value. */
  String where(String key) {
    return ini.own(INIT).containsKey(key) ? ini.where(INIT, key) : ini.where(SECTION, key);
  }

  boolean has(String key) {
    return given.containsKey(key)
        || ini.own(INIT).containsKey(key)
        || ini.own(SECTION).containsKey(key);
  }

  /**
   * @throws ConfigurationException if tags go round in a circle, or {@code %(name)s} names nothing
   */
  Optional<String> get(String key) throws ConfigurationException {
    Optional<String> raw = raw(key);
    return raw.isEmpty() ? raw : Optional.of(substitute(key, raw.get()));
  }

  private Optional<String> raw(String key) throws ConfigurationException {
    if (given.containsKey(key)) {
      return Optional.of(given.get(key));
    }
    String init = key.startsWith("known/") ? key.substring("known/".length()) : key;
    if (ini.own(INIT).containsKey(init)) {
      return ini.get(INIT, init, Map.of());
    }
    if (ini.own(SECTION).containsKey(key)) {
      return ini.get(SECTION, key, vars);
    }
    return ini.getAnywhere(SECTION, key, vars);
  }

  private String substitute(String key, String raw) throws ConfigurationException {
    String value = raw;
    Map<String, Integer> replaced = new HashMap<>();
    Matcher m = TAG.matcher(value);
    int from = 0;
    while (m.find(from)) {
      String tag = m.group(1);
      Optional<String> replacement = raw(tag);
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
