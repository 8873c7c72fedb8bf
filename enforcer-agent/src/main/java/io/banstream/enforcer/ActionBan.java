package io.banstream.enforcer;

import io.banstream.jails.FailureTags;
import io.banstream.schemas.Address;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What an action is told of a ban.
 *
 * @param from when it began
 * @param until {@link Change#FOR_EVER} where it does not end
 * @param failures that led to it
 * @param nth 1 for an address's first ban
 */
record ActionBan(Instant from, Instant until, int failures, int nth) {
  /**
   * The value of one of fail2ban's tags, fit for a line of the shell.
   *
   * @param restored whether it was in force before the enforcer started
   * @throws IllegalArgumentException if the value may mean something to a shell
   */
  String word(String tag, Address address, boolean restored) {
    return switch (tag) {
      case "failures", "ipfailures", "ipjailfailures" -> Integer.toString(failures);
      case "time" -> Long.toString(from.getEpochSecond());
      case "bantime" ->
          until.equals(Change.FOR_EVER)
              ? "-1"
              : Long.toString(Duration.between(from, until).toSeconds());
      case "bancount" -> Integer.toString(nth);
      case "restored" -> restored ? "1" : "0";
      case "matches", "ipmatches", "ipjailmatches" -> "";
      default -> new FailureTags(address, Optional.empty()).word(tag);
    };
  }
}
