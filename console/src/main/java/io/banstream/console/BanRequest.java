package io.banstream.console;

import io.banstream.schemas.Address;
import io.banstream.schemas.DecisionKey;
import io.banstream.schemas.Key;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * An operator's ban.
 *
 * @param target an address, or a network: /0 never, one wider than /16 (IPv6: /32) only confirmed
 * @param jail the jail it is to be of; {@link DecisionKey#MANUAL}: all ports
 * @param length empty: for ever
 * @param why the reason, one line
 * @param confirmed a wide network is meant
 */
public record BanRequest(
    Address target,
    String jail,
    Optional<Duration> length,
    Optional<String> why,
    boolean confirmed) {
  public BanRequest {
    Objects.requireNonNull(target);
    Key.requirePart(jail);
    Width.require(target, confirmed);
    Lengths.require(length);
    Words.why(why);
  }

  /** A ban of the jail {@code manual}. */
  public static BanRequest manual(Address target, Optional<Duration> length, Optional<String> why) {
    return new BanRequest(target, DecisionKey.MANUAL, length, why, false);
  }
}
