package io.banstream.processor;

import io.banstream.schemas.Address;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A failure found in a log file.
 *
 * @param jail whose filter found it
 * @param address the client's, in full
 * @param time by the log line
 * @param host the mail host whose log it is
 * @param user the account tried
 * @param line the line
 */
public record ReplayFailure(
    String jail, Address address, Instant time, String host, Optional<String> user, String line) {
  public ReplayFailure {
    Objects.requireNonNull(jail);
    Objects.requireNonNull(address);
    Objects.requireNonNull(time);
    Objects.requireNonNull(host);
    Objects.requireNonNull(user);
    Objects.requireNonNull(line);
  }
}
