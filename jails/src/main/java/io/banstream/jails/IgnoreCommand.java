package io.banstream.jails;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A command that is asked whether a failure is to be ignored, as jail.conf(5)'s ignorecommand and
 * ignorecache: 0 says yes, 1 no.
 *
 * @param command a line of the shell, with tags as {@code <ip>}
 * @param cache whether, and for how long, an answer is kept
 */
public record IgnoreCommand(String command, Optional<Cache> cache) {
  /** Tags that have a value here: those of an address, and the account that was tried. */
  private static final CommandTags TAGS =
      new CommandTags(Set.of("ip", "fid", "family", "ip-host", "ip-rev", "F-USER"));

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
      TAGS.requireGiven(key);
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
    TAGS.requireGiven(command);
  }

  /**
   * A text with values put in for its tags.
   *
   * @param text the command, or the cache's key
   * @param value of each tag that is there
   */
  public static String fill(String text, Function<String, String> value) {
    return TAGS.fill(text, value);
  }
}
