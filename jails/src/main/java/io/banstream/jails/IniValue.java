package io.banstream.jails;

import java.util.List;

/**
 * One value as it was written, with where: a value may continue on indented lines.
 *
 * @param key its key, in lower case
 * @param text the lines joined by LF, comments and outer blanks taken off
 * @param file as the reader knows it: {@code jail.local}, {@code built-in jail.conf}
 * @param lines number of each line of the text, from 1
 */
record IniValue(String key, String text, String file, List<Integer> lines) {
  /** In place of a line's number: it stands in no file. */
  static final int NO_LINE = 0;

  IniValue {
    lines = List.copyOf(lines);
  }

  /** File and line of its key. */
  String where() {
    return where(0);
  }

  /** File and line of the text's i-th line, from 0. */
  String where(int i) {
    int line = lines.get(Math.min(i, lines.size() - 1));
    return line == NO_LINE ? file : file + ":" + line;
  }

  /** Whether we wrote it, and not the administrator or fail2ban. */
  boolean isBuiltIn() {
    return file.startsWith(ConfigurationFolder.BUILT_IN);
  }

  /** Whether it stands where an administrator's own words do, and not in what fail2ban ships. */
  boolean isLocal() {
    return file.endsWith(".local") || file.startsWith("jail.d/");
  }
}
