package io.banstream.standalone.shadow;

import io.banstream.schemas.Address;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A ban as one side has it.
 *
 * @param from when it began; fail2ban knows whole seconds
 * @param until empty: it does not end, or that is not known
 */
public record SeenBan(String jail, Address address, Instant from, Optional<Instant> until) {
  public SeenBan {
    Objects.requireNonNull(jail);
    Objects.requireNonNull(address);
    Objects.requireNonNull(from);
    Objects.requireNonNull(until);
  }

  /** Whether both keep the same address out at some time, in the same jail. */
  boolean overlaps(SeenBan o) {
    return jail.equals(o.jail) && address.equals(o.address) && endsAfter(o) && o.endsAfter(this);
  }

  private boolean endsAfter(SeenBan o) {
    return until.map(end -> end.isAfter(o.from)).orElse(true);
  }

  boolean inForce(Instant now) {
    return until.map(end -> end.isAfter(now)).orElse(true);
  }
}
