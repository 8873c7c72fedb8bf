package io.banstream.jails;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells which keys of jail.conf and its layers do nothing: unknown ones, and some that are known.
 */
final class JailKeys {
  private static final Pattern NAMED = Pattern.compile("%\\(([^)]+)\\)s");
  private static final Map<String, String[]> KEYS = new HashMap<>();

  static {
    for (String line : Table.lines("jail-keys.txt")) {
      String[] row = line.split("\\s+", 3);
      KEYS.put(row[0], row);
    }
  }

  private final Ini jails;
  private final Set<String> used = new HashSet<>();

  JailKeys(Ini jails) {
    this.jails = jails;
    for (IniValue value : jails.all()) {
      Matcher m = NAMED.matcher(value.text());
      while (m.find()) {
        String name = m.group(1).substring(m.group(1).indexOf('/') + 1);
        if (!name.equals(value.key())) {
          used.add(name);
        }
      }
    }
    // Whatever the built-in jails say, some version of fail2ban's knows.
    used.addAll(List.of("enabled", "filter", "backend", "maxretry", "findtime", "bantime"));
    used.addAll(List.of("usedns", "logencoding", "ignoreself", "mode", "port", "protocol"));
    used.addAll(List.of("chain", "banaction", "banaction_allports"));
  }

  /** What is to be told of the section's own keys, without those of our own files. */
  void tell(String section, List<Notice> notices) {
    Map<String, IniValue> own = new LinkedHashMap<>(jails.own(section));
    own.values().removeIf(IniValue::isBuiltIn);
    own.forEach(
        (key, value) -> {
          String[] row = KEYS.get(key);
          if (row != null && row.length == 3 && isTold(row[1], value) && !value.text().isBlank()) {
            notices.add(
                new Notice(Notice.Severity.valueOf(row[1]), value.where(), key + " " + row[2]));
          } else if (row == null && !used.contains(key) && !key.startsWith("action_")) {
            notices.add(
                new Notice(
                    Notice.Severity.WARNING, value.where(), key + " is unknown, and does nothing"));
          }
        });
  }

  /** A note is for the administrator's own words; a warning for fail2ban's own files too. */
  private static boolean isTold(String severity, IniValue value) {
    return value.isLocal() || severity.equals(Notice.Severity.WARNING.name());
  }
}
