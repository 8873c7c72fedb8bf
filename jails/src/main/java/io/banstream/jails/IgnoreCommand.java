package io.banstream.jails;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A command that is asked whether a failure is to be ignored, as jail.conf(5)'s ignorecommand and
 * ignorecache: 0 says yes, 1 no.
 *
 * @param command a line of the shell, with tags as {@code <ip>}
 * @param cache whether, and for how long, an answer is kept
 */
public record IgnoreCommand(String command, Optional<Cache> cache) {
  /** What stands for a value of the failure; other text in pointed brackets is the shell's. */
  private static final Pattern TAG = Pattern.compile("<([\\w.-]+)>");

  /** Tags that have a value here: those of an address, and the account that was tried. */
  private static final Set<String> GIVEN =
      Set.of("ip", "fid", "family", "ip-host", "ip-rev", "F-USER");

  /** Tags of fail2ban's that have none; every other {@code F-} tag is one, too. */
  private static final Set<String> NOT_GIVEN =
      Set.of(
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

  /**
   * Answers that are kept, by a key of their own.
   *
   * @param key text with tags: failures of the same key have the same answer
   * @param maxCount answers kept at most
   * @param maxTime how long each
   */
  public record Cache(String key, int maxCount, Duration maxTime) {
    private static final int MOST = 100_000;

    /**
     * @throws IllegalArgumentException if a value is out of its range, or a tag has no value
     */
    public Cache {
      requireGiven(key);
      if (key.isBlank()) {
        throw new IllegalArgumentException("key = , expected text with tags");
      }
      if (maxCount < 1 || maxCount > MOST) {
        throw new IllegalArgumentException("max-count = " + maxCount + ", expected 1 to " + MOST);
      }
      if (maxTime.isNegative()) {
        throw new IllegalArgumentException("max-time = " + maxTime + ", expected 0 or more");
      }
    }

    /**
     * Reads {@code key="<ip>", max-count=100, max-time=5m}.
     *
     * @throws IllegalArgumentException if it is none
     */
    static Cache parse(String text) {
      Map<String, String> options = ActionLine.parse("ignorecache[" + text + "]").options();
      for (String name : options.keySet()) {
        if (!List.of("key", "max-count", "max-time").contains(name)) {
          throw new IllegalArgumentException(
              "expected key, max-count and max-time, not " + Printable.of(name));
        }
      }
      String count = options.getOrDefault("max-count", "100");
      if (!count.matches("\\d{1,9}")) {
        throw new IllegalArgumentException("max-count: expected a number");
      }
      return new Cache(
          options.getOrDefault("key", ""),
          Integer.parseInt(count),
          TimeSpan.parse(options.getOrDefault("max-time", "5m")));
    }
  }

  /**
   * @throws IllegalArgumentException if it is empty, or a tag has no value
   */
  public IgnoreCommand {
    Objects.requireNonNull(cache);
    if (command.isBlank()) {
      throw new IllegalArgumentException("ignorecommand = , expected a command");
    }
    requireGiven(command);
  }

  private static void requireGiven(String text) {
    Matcher tag = TAG.matcher(text);
    while (tag.find()) {
      String name = tag.group(1);
      if (NOT_GIVEN.contains(name) || name.startsWith("F-") && !GIVEN.contains(name)) {
        throw new IllegalArgumentException("<" + Printable.of(name) + "> has no value here");
      }
    }
  }

  /**
   * A text with values put in for its tags.
   *
   * @param text the command, or the cache's key
   * @param value of each tag that is there
   */
  public static String fill(String text, Function<String, String> value) {
    return TAG.matcher(text).replaceAll(m -> Matcher.quoteReplacement(filled(m, value)));
  }

  private static String filled(MatchResult tag, Function<String, String> value) {
    return GIVEN.contains(tag.group(1)) ? value.apply(tag.group(1)) : tag.group();
  }
}
