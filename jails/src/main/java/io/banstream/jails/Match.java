package io.banstream.jails;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A login that a filter found in a line.
 *
 * @param host the address or host name, as logged
 * @param time when it happened
 * @param user the account tried, as logged
 * @param failregex index of the expression that matched, from 0; of a success, of successregex
 * @param succeeded whether it is no failure
 */
public record Match(
    String host, Instant time, Optional<String> user, int failregex, boolean succeeded) {
  public Match {
    Objects.requireNonNull(host);
    Objects.requireNonNull(time);
    Objects.requireNonNull(user);
  }
}
