package io.banstream.console;

import io.banstream.schemas.Address;
import io.banstream.schemas.Key;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A ban that another system decided.
 *
 * @param jail of the same name here
 * @param address as that jail counts it
 * @param until empty: it does not end
 */
public record ForeignBan(String jail, Address address, Instant from, Optional<Instant> until) {
  public ForeignBan {
    Key.requirePart(jail);
    Objects.requireNonNull(address);
    until.ifPresent(
        end -> {
          if (!end.isAfter(from)) {
            throw new IllegalArgumentException("until = " + end + ", expected after " + from);
          }
        });
  }
}
