package io.banstream.jails;

import java.util.List;

/**
 * One value of a jail's policy, said elsewhere than in a file, and going before what the files say.
 *
 * @param jail or {@code DEFAULT}
 * @param key one of the policy's, or {@code enabled}
 * @param value one line, as jail.conf(5) has it
 */
public record JailSetting(String jail, String key, String value) {
  /**
   * @throws IllegalArgumentException if it is no key of a policy, or the value is not one line
   */
  public JailSetting {
    if (!PolicyReader.KEYS.contains(key)) {
      throw new IllegalArgumentException(
          "'" + Printable.of(key) + "', expected one of " + String.join(", ", PolicyReader.KEYS));
    }
    if (jail.isBlank() || value.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "'" + Printable.of(jail + "." + key + "=" + value) + "', expected a jail, and one line");
    }
  }

  /**
   * Reads {@code JAIL.KEY=VALUE}; names of jails may have points, as keys may.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static JailSetting parse(String text) {
    int equals = text.indexOf('=');
    String name = equals < 0 ? "" : text.substring(0, equals).strip();
    int point = name.indexOf('.');
    if (point <= 0) {
      throw new IllegalArgumentException(
          "'" + Printable.of(text) + "', expected JAIL.KEY=VALUE, as postfix-sasl.maxretry=5");
    }
    for (int at = point; at >= 0; at = name.indexOf('.', at + 1)) {
      if (PolicyReader.KEYS.contains(name.substring(at + 1))) {
        point = at;
        break;
      }
    }
    return new JailSetting(
        name.substring(0, point), name.substring(point + 1), text.substring(equals + 1).strip());
  }

  /** How messages name it. */
  String where() {
    return "--set " + jail + "." + key;
  }

  /**
   * Puts it over what the files say.
   *
   * @throws ConfigurationException if they know no such jail
   */
  void putInto(Ini ini) throws ConfigurationException {
    if (!jail.equals(IniFile.DEFAULT) && !ini.sections().contains(jail)) {
      throw new ConfigurationException(where(), "no jail " + Printable.of(jail));
    }
    ini.put(jail, new IniValue(key, value, where(), List.of(IniValue.NO_LINE)));
  }

  /**
   * @param enabled the jails that there are with it
   * @throws ConfigurationException if it does nothing, its jail being off
   */
  void check(List<Jail> enabled) throws ConfigurationException {
    boolean there = enabled.stream().anyMatch(j -> j.name().equals(jail));
    if (!there && !jail.equals(IniFile.DEFAULT) && !key.equals("enabled")) {
      throw new ConfigurationException(where(), "jail " + Printable.of(jail) + " is not enabled");
    }
  }
}
