package io.banstream.jails;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Python's regular expressions (re) written as Java's.
 *
 * <p>Named groups become numbered ones. A conditional {@code (?(g)yes|no)} becomes {@code (?:\m
 * yes|(?!\m)no)}, m being an empty group put behind g's content: a back reference to it matches
 * exactly where g took part. Escapes that only one of the two knows are put right or refused.
 * Compile the outcome with {@link Pattern#UNIX_LINES}: as in Python, only LF ends a line.
 */
final class PythonSyntax {
  private static final Pattern REPEAT = Pattern.compile("\\{(\\d*)(,?)(\\d*)\\}");
  private static final Pattern CONDITION = Pattern.compile("\\(\\?\\(([^)]*)\\)");

  /** A character of a word, as Python has it. */
  private static final String WORD = "[\\p{L}\\p{N}_]";

  /** The escapes of a letter that mean the same in both. */
  private static final String SAME = "dDsSwWAbBfnrtx";

  private final String in;
  private final boolean unicode;
  private final Set<String> conditions = new HashSet<>();
  private final StringBuilder out = new StringBuilder();
  private final Deque<Group> open = new ArrayDeque<>();
  private final List<Integer> numbers = new ArrayList<>(List.of(0));
  private final Map<String, Integer> names = new LinkedHashMap<>();
  private final Map<String, Integer> markers = new HashMap<>();
  private int groups;
  private int at;

  /** A group that is open: what is to be written at its bars and its end. */
  private static final class Group {
    final String atBar;
    String atEnd;
    boolean barred;

    /** Names of a capturing group that a condition asks for. */
    List<String> marked = List.of();

    Group(String atBar, String atEnd) {
      this.atBar = atBar;
      this.atEnd = atEnd;
    }
  }

  /**
   * @param java the expression for Java
   * @param groups the named groups' numbers in it
   */
  record Translation(String java, Map<String, Integer> groups) {}

  private PythonSyntax(String in, boolean unicode) {
    this.in = in;
    this.unicode = unicode;
    Matcher m = CONDITION.matcher(in);
    while (m.find()) {
      conditions.add(m.group(1));
    }
  }

  /**
   * @param unicode for any text: white space and word characters are spelt out as Python knows them
   * @throws IllegalArgumentException if Python would not take it, as far as that is seen here
   */
  static Translation translate(String python, boolean unicode) {
    PythonSyntax syntax = new PythonSyntax(python, unicode);
    syntax.run();
    return new Translation(syntax.out.toString(), Map.copyOf(syntax.names));
  }

  private void run() {
    while (at < in.length()) {
      char c = in.charAt(at);
      switch (c) {
        case '\\' -> escape();
        case '[' -> out.append(characterClass());
        case '(' -> openGroup();
        case ')' -> closeGroup();
        case '|' -> bar();
        case '{' -> repeat();
        default -> {
          out.append(c);
          at++;
        }
      }
    }
    if (!open.isEmpty()) {
      throw wrong("a ( is not closed");
    }
  }

  private void openGroup() {
    if (!in.startsWith("(?", at)) {
      at++;
      capture("");
    } else if (in.startsWith("(?P<", at)) {
      int end = end('>', at + 4);
      String name = in.substring(at + 4, end);
      if (!name.matches("[\\p{L}_][\\p{L}\\p{N}_]*")) {
        throw wrong("'" + name + "' can't name a group");
      }
      if (names.containsKey(name)) {
        throw wrong("the group " + name + " is there twice");
      }
      at = end + 1;
      capture(name);
    } else if (in.startsWith("(?P=", at)) {
      int end = end(')', at + 4);
      out.append(reference(named(in.substring(at + 4, end))));
      at = end + 1;
    } else if (in.startsWith("(?(", at)) {
      condition();
    } else if (in.startsWith("(?#", at)) {
      at = end(')', at) + 1;
    } else {
      otherGroup();
    }
  }

  /** A capturing group; one that a condition asks for gets its empty companion at its end. */
  private void capture(String name) {
    int java = ++groups;
    numbers.add(java);
    String number = Integer.toString(numbers.size() - 1);
    if (!name.isEmpty()) {
      names.put(name, java);
    }
    Group group = new Group("|", ")");
    List<String> asked = List.of(number, name).stream().filter(conditions::contains).toList();
    out.append('(');
    if (!asked.isEmpty()) {
      out.append("(?:");
      group.marked = asked;
    }
    open.push(group);
  }

  private void condition() {
    int end = end(')', at + 3);
    Integer marker = markers.get(in.substring(at + 3, end));
    if (marker == null) {
      throw wrong("a condition asks for a group that is not before it");
    }
    String is = reference(marker);
    out.append("(?:").append(is);
    Group group = new Group("|(?!" + is + ")", "|(?!" + is + "))");
    open.push(group);
    at = end + 1;
  }

  /** Groups that don't capture, looks ahead and behind, flags. */
  private void otherGroup() {
    for (String head : List.of("(?:", "(?=", "(?!", "(?<=", "(?<!", "(?>")) {
      if (in.startsWith(head, at)) {
        out.append(head);
        at += head.length();
        open.push(new Group("|", ")"));
        return;
      }
    }
    int end = at + 2;
    StringBuilder flags = new StringBuilder();
    while (end < in.length() && "aiLmsux-".indexOf(in.charAt(end)) >= 0) {
      // Unicode or not is decided at compiling; verbose is taken out before.
      if ("imsx-".indexOf(in.charAt(end)) >= 0) {
        flags.append(in.charAt(end));
      }
      end++;
    }
    char close = end < in.length() ? in.charAt(end) : 0;
    if (end == at + 2 || close != ')' && close != ':') {
      throw wrong("(? is followed by what is unknown");
    }
    at = end + 1;
    if (close == ':') {
      out.append("(?").append(flags).append(':');
      open.push(new Group("|", ")"));
    } else if (flags.length() > 0) {
      out.append("(?").append(flags).append(')');
    }
  }

  private void bar() {
    Group group = open.peek();
    if (group == null || group.atBar.equals("|")) {
      out.append('|');
    } else if (group.barred) {
      throw wrong("a condition has more than two branches");
    } else {
      out.append(group.atBar);
      group.barred = true;
      group.atEnd = ")";
    }
    at++;
  }

  private void closeGroup() {
    if (open.isEmpty()) {
      throw wrong("a ) closes nothing");
    }
    Group group = open.pop();
    if (!group.marked.isEmpty()) {
      out.append(")()");
      int marker = ++groups;
      group.marked.forEach(name -> markers.put(name, marker));
    }
    out.append(group.atEnd);
    at++;
  }

  private void repeat() {
    Matcher m = REPEAT.matcher(in).region(at, in.length());
    boolean counts = m.lookingAt() && !m.group().equals("{}");
    if (!counts) {
      out.append("\\{");
      at++;
      return;
    }
    String least = m.group(1).isEmpty() ? "0" : m.group(1);
    out.append('{').append(least).append(m.group(2)).append(m.group(3)).append('}');
    at = m.end();
  }

  private void escape() {
    if (at + 1 >= in.length()) {
      throw wrong("it ends in a \\");
    }
    char c = in.charAt(at + 1);
    if (c >= '1' && c <= '9') {
      backReference();
    } else if (c == 'Z') {
      out.append("\\z");
      at += 2;
    } else {
      out.append(characterEscape(false));
    }
  }

  private void backReference() {
    int end = at + 2;
    if (end < in.length() && Character.isDigit(in.charAt(end))) {
      end++;
    }
    int number = Integer.parseInt(in.substring(at + 1, end));
    if (number >= numbers.size()) {
      throw wrong("\\" + number + " is no group");
    }
    out.append(reference(numbers.get(number)));
    at = end;
  }

  private static String reference(int group) {
    return "(?:\\" + group + ")";
  }

  private int named(String name) {
    Integer group = names.get(name);
    if (group == null) {
      throw wrong("there is no group " + name);
    }
    return group;
  }

  /** An escape that stands for characters, in a class or out of it. */
  private String characterEscape(boolean inClass) {
    char c = in.charAt(at + 1);
    at += 2;
    if (c == '0' || inClass && c >= '1' && c <= '7') {
      int end = at;
      while (end < in.length() && end < at + 2 && in.charAt(end) >= '0' && in.charAt(end) <= '7') {
        end++;
      }
      int value = Integer.parseInt(in.substring(at - 1, end), 8);
      at = end;
      return "\\x{%x}".formatted(value);
    }
    if (inClass && c == 'b') {
      return "\\x08";
    }
    if (c == 'u' || c == 'U') {
      int end = at + (c == 'u' ? 4 : 8);
      if (end > in.length() || !in.substring(at, end).matches("[0-9A-Fa-f]+")) {
        throw wrong("\\" + c + " wants hexadecimal digits");
      }
      String hex = in.substring(at, end);
      at = end;
      return "\\x{" + hex + "}";
    }
    boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    if (c == 'a' || c == 'v') {
      return c == 'a' ? "\\x07" : "\\x0B";
    }
    boolean known = inClass ? "dDsSwWfnrtx".indexOf(c) >= 0 : SAME.indexOf(c) >= 0;
    if (letter && !known) {
      throw wrong("\\" + c + " is unknown");
    }
    return unicode ? any(c, inClass) : "\\" + c;
  }

  /** Java counts the separators 1C to 1F not as white space, and combining marks as letters. */
  private static String any(char escape, boolean inClass) {
    return switch (escape) {
      case 's' -> inClass ? "\\s\\x1c-\\x1f" : "[\\s\\x1c-\\x1f]";
      case 'S' -> "[^\\s\\x1c-\\x1f]";
      case 'w' -> inClass ? "\\p{L}\\p{N}_" : WORD;
      case 'W' -> "[^\\p{L}\\p{N}_]";
      case 'b' ->
          inClass
              ? "\\x08"
              : "(?:(?<=" + WORD + ")(?!" + WORD + ")|(?<!" + WORD + ")(?=" + WORD + "))";
      case 'B' -> "(?:(?<=" + WORD + ")(?=" + WORD + ")|(?<!" + WORD + ")(?!" + WORD + "))";
      default -> "\\" + escape;
    };
  }

  private String characterClass() {
    StringBuilder set = new StringBuilder("[");
    at++;
    if (at < in.length() && in.charAt(at) == '^') {
      set.append('^');
      at++;
    }
    boolean first = true;
    while (at < in.length() && (first || in.charAt(at) != ']')) {
      char c = in.charAt(at);
      first = false;
      if (c == '\\' && at + 1 < in.length()) {
        set.append(characterEscape(true));
      } else {
        if ("[]&^ #".indexOf(c) >= 0) {
          set.append('\\');
        }
        set.append(c);
        at++;
      }
    }
    if (at >= in.length()) {
      throw wrong("a [ is not closed");
    }
    at++;
    return set.append(']').toString();
  }

  private int end(char close, int from) {
    int end = in.indexOf(close, from);
    if (end < 0) {
      throw wrong("a (? is not closed");
    }
    return end;
  }

  private IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException(what);
  }
}
