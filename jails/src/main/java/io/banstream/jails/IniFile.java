package io.banstream.jails;

import java.util.ArrayList;
import java.util.HashMap;
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
 * and blank lines. An inline comment is a {@code ;} after a blank; a blank is what Python takes for
 * one, the no-break space too. Keys are lower case; sections are as written. Where a key stands
 * twice in a section, the last holds, and a section that comes twice is one (as under Python 2;
 * Python 3 refuses the file); {@link #notices} says so.
 */
final class IniFile {
  /** The section whose keys every other one has. */
  static final String DEFAULT = "DEFAULT";

  private static final Pattern SECTION = Pattern.compile("\\[(.+)\\]", Pattern.DOTALL);
  private static final Pattern KEY =
      Pattern.compile("(.*?)\\s*[=:]\\s*(.*)", Pattern.DOTALL | Pattern.UNICODE_CHARACTER_CLASS);

  private final String name;
  private final Map<String, Map<String, IniValue>> sections = new LinkedHashMap<>();
  private final Map<String, Integer> sectionLines = new HashMap<>();
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
    String value = strip(comment < 0 ? line : line.substring(0, comment));
    if (value.isEmpty()) {
      if (comment < 0 && key != null) {
        text.add("");
        lines.add(number);
      }
      return;
    }
    int depth = depth(line);
    if (key != null && depth > indent) {
      text.add(value);
      lines.add(number);
      return;
    }
    endKey();
    indent = depth;
    Matcher header = SECTION.matcher(value);
    if (header.lookingAt()) {
      section(number, header.group(1));
    } else {
      key(number, value);
    }
  }

  private void section(int number, String header) {
    Integer earlier = sectionLines.putIfAbsent(header, number);
    if (earlier != null && !header.equals(DEFAULT)) {
      notices.add(
          new Notice(
              Notice.Severity.WARNING,
              name + ":" + number,
              "[" + header + "] stands in line " + earlier + " too; both are taken as one"));
    }
    section = sections.computeIfAbsent(header, s -> new LinkedHashMap<>());
  }

  private void key(int number, String line) throws ConfigurationException {
    Matcher m = KEY.matcher(line);
    if (section == null || !m.matches() || m.group(1).isEmpty()) {
      String expected =
          section == null
              ? "[section] first, then key = value"
              : "key = value, or an indented line that continues the value before it";
      throw new ConfigurationException(
          name + ":" + number, "'" + Printable.of(line) + "', expected " + expected);
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
    int first = depth(line);
    if (first < line.length() && "#;".indexOf(line.charAt(first)) >= 0) {
      return 0;
    }
    for (int i = line.indexOf(';'); i >= 0; i = line.indexOf(';', i + 1)) {
      if (isBlank(line.charAt(i - 1))) {
        return i;
      }
    }
    return -1;
  }

  /** How many blanks a line begins with. */
  private static int depth(String line) {
    int i = 0;
    while (i < line.length() && isBlank(line.charAt(i))) {
      i++;
    }
    return i;
  }

  private static String strip(String text) {
    int end = text.length();
    while (end > 0 && isBlank(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(Math.min(depth(text), end), end);
  }

  /** What Python's {@code str.isspace} takes for a blank. */
  private static boolean isBlank(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
  }
}
