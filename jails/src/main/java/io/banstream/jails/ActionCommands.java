package io.banstream.jails;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What an action runs on a host: lines of the shell by fail2ban's keys ({@code actionstart}, {@code
 * actionban}, ...), with all tags put in that stand before a ban does.
 *
 * @param name that fail2ban knows the action by, its {@code actname}
 * @param inet4 for IPv4 addresses
 * @param inet6 for IPv6 addresses
 */
public record ActionCommands(String name, Map<String, String> inet4, Map<String, String> inet6) {
  /**
   * Tags that a ban gives a value. What a log said is not known where a ban is carried out: {@code
   * matches} and its like are empty.
   */
  private static final CommandTags TAGS =
      new CommandTags(
          Set.of(
              "ip",
              "fid",
              "family",
              "ip-host",
              "ip-rev",
              "failures",
              "ipfailures",
              "ipjailfailures",
              "time",
              "bantime",
              "bancount",
              "restored",
              "matches",
              "ipmatches",
              "ipjailmatches"));

  /**
   * @throws IllegalArgumentException if a command has a tag that no ban gives a value
   */
  public ActionCommands {
    Objects.requireNonNull(name);
    inet4 = Map.copyOf(inet4);
    inet6 = Map.copyOf(inet6);
    Stream.concat(inet4.values().stream(), inet6.values().stream()).forEach(TAGS::requireGiven);
  }

  /**
   * The line of one key; empty: nothing is to be done.
   *
   * @param family {@code inet4} or {@code inet6}
   */
  public Optional<String> command(String key, String family) {
    return Optional.ofNullable((family.equals("inet6") ? inet6 : inet4).get(key))
        .filter(line -> !line.isBlank());
  }

  /** The lines of a key that concerns no address: one where the families have the same. */
  public List<String> commands(String key) {
    return Stream.of("inet4", "inet6").flatMap(f -> command(key, f).stream()).distinct().toList();
  }

  /** Whether a ban that was in force before a start is not to be carried out again. */
  public boolean isNoRestored() {
    return command("norestored", "inet4")
        .filter(v -> v.strip().matches("(?i)1|true|yes|on"))
        .isPresent();
  }

  /**
   * A line with values put in for its tags.
   *
   * @param value of each tag that is there, fit for the shell
   */
  public static String fill(String line, Function<String, String> value) {
    return TAGS.fill(line, value);
  }
}
