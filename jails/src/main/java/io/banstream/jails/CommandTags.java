package io.banstream.jails;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tags of a command that stand for values of a failure or a ban, as {@code <ip>}. */
final class CommandTags {
  /** Other text in pointed brackets is the shell's. */
  private static final Pattern TAG = Pattern.compile("<([\\w.-]+)>");

  /** fail2ban's; every {@code F-} tag is one, too. */
  private static final Set<String> KNOWN =
      Set.of(
          "ip",
          "fid",
          "family",
          "ip-host",
          "ip-rev",
          "failures",
          "time",
          "bantime",
          "bancount",
          "matches",
          "restored",
          "ipmatches",
          "ipjailmatches",
          "ipfailures",
          "ipjailfailures",
          "raw-ticket",
          "jail.banned",
          "jail.banned_total",
          "jail.found",
          "jail.found_total");

  private final Set<String> given;
  private final Set<String> notGiven = new HashSet<>(KNOWN);

  /**
   * @param given those that have a value
   */
  CommandTags(Set<String> given) {
    this.given = Set.copyOf(given);
    notGiven.removeAll(given);
  }

  /**
   * @throws IllegalArgumentException if a tag of the text has no value
   */
  void requireGiven(String text) {
    Matcher tag = TAG.matcher(text);
    while (tag.find()) {
      String name = tag.group(1);
      if (notGiven.contains(name) || name.startsWith("F-") && !given.contains(name)) {
        throw new IllegalArgumentException("<" + Printable.of(name) + "> has no value here");
      }
    }
  }

  /**
   * A text with values put in for its tags.
   *
   * @param value of each tag that is there
   */
  String fill(String text, Function<String, String> value) {
    return TAG.matcher(text).replaceAll(m -> Matcher.quoteReplacement(filled(m, value)));
  }

  private String filled(MatchResult tag, Function<String, String> value) {
    return given.contains(tag.group(1)) ? value.apply(tag.group(1)) : tag.group();
  }
}
