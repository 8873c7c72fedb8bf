package io.banstream.jails;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One file of fail2ban's ini language: Python's configparser with {@code ;} as inline comment.
 *
 * <p>A line indented deeper than its key continues the key's value, also across whole-line comments
 * and blank lines. An inline comment is a {@code ;} after a blank. Keys are lower case; sections
 * are as written. Where a key stands twice in a section, the last holds (as under Python 2; Python
 * 3 refuses the file), and {@link #notices} says so.
 */
final class IniFile {
  /** The section whose keys every other one has. */
  static final String DEFAULT = "DEFAULT";

  private static final Pattern SECTION = Pattern.compile("\\[(.+)\\]");
  private static final Pattern KEY = Pattern.compile("(.*?)\\s*[=:]\\s*(.*)");

  private final String name;
  private final Map<String, Map<String, IniValue>> sections = new LinkedHashMap<>();
  private final List<Notice> notices = new ArrayList<>();

  private Map<String, IniValue> section;
  private String key;
  private int indent;
  private final List<String> text = new ArrayList<>();
  private final List<Integer> lines = new ArrayList<>();

  private IniFile(String name) {
    this.name = name;
  }

  /**
   * @throws ConfigurationException if a line is no section, key, continuation or comment
   */
  static IniFile parse(String name, String content) throws ConfigurationException {
    IniFile file = new IniFile(name);
    int number = 0;
    for (String line : content.split("\r\n|\n|\r", -1)) {
      file.line(++number, line);
    }
    file.endKey();
    return file;
  }

  Map<String, Map<String, IniValue>> sections() {
    return sections;
  }

  List<Notice> notices() {
    return notices;
  }

  private void line(int number, String line) throws ConfigurationException {
    int comment = comment(line);
    String value = (comment < 0 ? line : line.substring(0, comment)).strip();
    if (value.isEmpty()) {
      if (comment < 0 && key != null) {
        text.add("");
        lines.add(number);
      }
      return;
    }
    int depth = line.length() - line.stripLeading().length();
    if (key != null && depth > indent) {
      text.add(value);
      lines.add(number);
      return;
    }
    endKey();
    indent = depth;
    Matcher header = SECTION.matcher(value);
    if (header.lookingAt()) {
      section = sections.computeIfAbsent(header.group(1), s -> new LinkedHashMap<>());
    } else {
      key(number, value);
    }
  }

  private void key(int number, String line) throws ConfigurationException {
    Matcher m = KEY.matcher(line);
    if (section == null || !m.matches() || m.group(1).isEmpty()) {
      throw new ConfigurationException(
          name + ":" + number,
          "'" + Printable.of(line) + "', expected [section] first, then key = value");
    }
    key = m.group(1).toLowerCase(Locale.ROOT);
    text.add(m.group(2));
    lines.add(number);
  }

  private void endKey() {
    if (key == null) {
      return;
    }
    while (text.size() > 1 && text.get(text.size() - 1).isEmpty()) {
      text.remove(text.size() - 1);
      lines.remove(lines.size() - 1);
    }
    IniValue value = new IniValue(key, String.join("\n", text), name, lines);
    IniValue earlier = section.put(key, value);
    if (earlier != null) {
      notices.add(
          new Notice(
              Notice.Severity.WARNING,
              value.where(),
              key + " stands in line " + earlier.lines().get(0) + " too; this one holds"));
    }
    key = null;
    text.clear();
    lines.clear();
  }

  /** Where a comment begins: a first # or ;, or a ; after a blank; -1: nowhere. */
  private static int comment(String line) {
    String stripped = line.stripLeading();
    if (stripped.startsWith("#") || stripped.startsWith(";")) {
      return 0;
    }
    for (int i = line.indexOf(';'); i >= 0; i = line.indexOf(';', i + 1)) {
      if (Character.isWhitespace(line.charAt(i - 1))) {
        return i;
      }
    }
    return -1;
  }
}
