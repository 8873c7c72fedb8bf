package io.banstream.jails;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Tells which words of an administrator's on a filter do nothing: keys of his own files, and
 * options in brackets, that fail2ban does not know and no other value names.
 */
final class FilterKeys {
  private static final Pattern NAMED = Pattern.compile("%\\(([^)]+)\\)s|<([^ <>]+)>");

  /** A tag with another within, as {@code <mdre-<mode>>}: what stands around that. */
  private static final Pattern NESTED = Pattern.compile("<([^ <>]*)<[^ <>]+>([^ <>]*)>");

  private final Ini filter;
  private final Set<String> known = new HashSet<>(FilterReader.KEYS);
  private final List<Pattern> nested = new ArrayList<>();

  /**
   * @param given the options in brackets
   * @param jails where {@code %(known/key)s} may name a key of the filter
   */
  FilterKeys(Ini filter, Map<String, String> given, Ini jails) {
    this.filter = filter;
    known.add("logtype");
    Stream.concat(filter.all().stream().map(IniValue::text), given.values().stream())
        .forEach(text -> name(text, ""));
    jails.all().forEach(value -> name(value.text(), "known/"));
  }

  private void name(String text, String prefix) {
    Matcher m = NAMED.matcher(text);
    while (m.find()) {
      String name = (m.group(1) == null ? m.group(2) : m.group(1)).toLowerCase(Locale.ROOT);
      if (name.startsWith(prefix)) {
        known.add(name.substring(name.indexOf('/') + 1));
      }
    }
    m = NESTED.matcher(text);
    while (m.find()) {
      nested.add(Pattern.compile(Pattern.quote(m.group(1)) + ".*" + Pattern.quote(m.group(2))));
    }
  }

  /**
   * @param where file and line of the options
   */
  void tell(String where, Set<String> options, List<Notice> notices) {
    for (String option : options) {
      if (!isKnown(option.toLowerCase(Locale.ROOT))) {
        tell(where, "the filter's option " + option, notices);
      }
    }
    for (String section : List.of("Definition", "Init")) {
      filter
          .own(section)
          .forEach(
              (key, value) -> {
                if (value.isLocal() && !isKnown(key)) {
                  tell(value.where(), key, notices);
                }
              });
    }
  }

  private boolean isKnown(String key) {
    return known.contains(key) || nested.stream().anyMatch(n -> n.matcher(key).matches());
  }

  private static void tell(String where, String what, List<Notice> notices) {
    Notice notice =
        new Notice(Notice.Severity.WARNING, where, what + " is unknown, and does nothing");
    if (!notices.contains(notice)) {
      notices.add(notice);
    }
  }
}
