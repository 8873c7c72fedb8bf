package io.banstream.jails;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A regular expression of a filter: Python's, with fail2ban's tags. {@code <HOST>} is an IPv4 or
 * IPv6 address or a host name, {@code <ADDR>} an address, {@code <F-USER>...</F-USER>} the group
 * {@code user}. Where {@code <F-ALT_USER>} took part and {@code <F-USER>} did not, its value is the
 * user's.
 */
final class FailureRegex {
  private static final String IP4 = "(?:::[fF]{4,6}:)?(?P<ip4>(?:\\d{1,3}\\.){3}\\d{1,3})";
  private static final String IP6 =
      "(?P<ip6>(?:::|[0-9A-Fa-f]{1,4}::?){1,7}(?:[0-9A-Fa-f]{1,4}|(?<=:):))";
  private static final String DNS = "(?P<dns>[\\w.^-]*\\w)";
  private static final String CIDR = "(?P<cidr>\\d+)";
  private static final String EITHER_IP = "(?:" + IP4 + "|" + IP6 + ")";
  private static final String ADDR = "\\[?" + EITHER_IP + "\\]?";

  private static final Map<String, String> TAGS =
      Map.of(
          "HOST", "(?:" + ADDR + "|" + DNS + ")",
          "ADDR", ADDR,
          "IP4", IP4,
          "IP6", IP6,
          "DNS", DNS,
          "CIDR", CIDR,
          "SUBNET", "\\[?" + EITHER_IP + "(?:/" + CIDR + ")?\\]?",
          "ID", "(?P<fid>\\S+)",
          "PORT", "(?P<fport>\\w+)");
  private static final Set<String> ONLY_CLOSED = Set.of("ID", "PORT");

  private static final Pattern TAG = Pattern.compile("</?[\\w-]+/?>");
  private static final Pattern CUSTOM = Pattern.compile("<(/?)F-([A-Z0-9_-]+)>");
  private static final Pattern ALTERNATE = Pattern.compile("alt_(.*?)(?:_\\d+)?");

  private final String key;
  private final String source;
  private final PythonRegex regex;

  /** {@code alt_*} groups, sorted, each with the group whose value it can be. */
  private final Map<String, String> alternates = new TreeMap<>();

  private FailureRegex(String key, String source, boolean multiline) {
    this.key = key;
    this.source = source;
    this.regex = PythonRegex.compile(expand(source), multiline);
    for (String name : regex.groups()) {
      Matcher m = ALTERNATE.matcher(name);
      if (m.matches()) {
        alternates.put(name, group(m.group(1)));
      }
    }
  }

  /**
   * @param key the filter's, for the message
   * @param multiline whether it looks at several lines together
   * @throws RegexException if it does not compile
   */
  static FailureRegex compile(String key, String source, boolean multiline) {
    try {
      return new FailureRegex(key, source, multiline);
    } catch (IllegalArgumentException e) {
      throw new RegexException(key, source, e.getMessage());
    }
  }

  /**
   * What is in every text that matches, as far as it is known.
   *
   * @param phrases whether words may have blanks and marks in them
   */
  List<Set<Word>> requiredWords(boolean phrases) {
    return regex.requiredWords(phrases);
  }

  /** Whether a match can name whose failure it is, by itself or by its connection. */
  boolean identifies() {
    return identifiesAlone() || regex.groups().contains("mlfid");
  }

  /** Whether a match can name whose login it is by itself. */
  boolean identifiesAlone() {
    return Set.of("fid", "ip4", "ip6", "dns").stream().anyMatch(regex.groups()::contains);
  }

  /**
   * The first match, its alternate groups among those that they stand for.
   *
   * @throws TooManySteps if it takes too long
   */
  Optional<PythonRegex.Found> search(StepLimit text) {
    try {
      Optional<PythonRegex.Found> found = regex.search(text);
      found.ifPresent(f -> putAlternates(f.groups()));
      return found;
    } catch (StepLimit.Exceeded e) {
      throw new TooManySteps(key, source, e);
    }
  }

  private void putAlternates(Map<String, String> groups) {
    alternates.forEach(
        (name, stoodFor) -> {
          String value = groups.getOrDefault(name, "");
          if (!value.isEmpty() && groups.getOrDefault(stoodFor, "").isEmpty()) {
            groups.put(stoodFor, value);
          }
        });
  }

  private static String expand(String source) {
    Set<String> opened = new HashSet<>();
    StringBuilder out = new StringBuilder();
    Matcher m = TAG.matcher(source);
    int skips = 0;
    while (m.find()) {
      String tag = m.group();
      String replacement = tag;
      Matcher custom = CUSTOM.matcher(tag);
      if (tag.equals("<SKIPLINES>")) {
        replacement = "\\n(?P<skiplines" + skips++ + ">(?:(?:.*\\n)*?))";
      } else if (isStatic(tag)) {
        replacement = TAGS.get(tag.replaceAll("^<(F-)?|/?>$", ""));
      } else if (custom.matches() && custom.group(1).isEmpty()) {
        opened.add(custom.group(2));
        replacement = "(?P<" + group(custom.group(2)) + ">";
      } else if (custom.matches() && opened.contains(custom.group(2))) {
        replacement = ")";
      }
      m.appendReplacement(out, Matcher.quoteReplacement(replacement));
    }
    return m.appendTail(out).toString();
  }

  /** {@code <HOST>} and its like, and {@code <F-ID/>}: tags that stand for themselves. */
  private static boolean isStatic(String tag) {
    String name = tag.replaceAll("^<(F-)?|/?>$", "");
    boolean closed = tag.startsWith("<F-") && tag.endsWith("/>");
    boolean plain = !tag.startsWith("<F-") && !tag.startsWith("</") && !tag.endsWith("/>");
    return TAGS.containsKey(name)
        && (closed && !name.equals("HOST") || plain && !ONLY_CLOSED.contains(name));
  }

  private static String group(String tag) {
    String name = tag.toLowerCase(Locale.ROOT);
    return switch (name) {
      case "id" -> "fid";
      case "port" -> "fport";
      default -> name;
    };
  }
}
