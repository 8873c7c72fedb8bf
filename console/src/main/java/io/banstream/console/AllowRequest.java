package io.banstream.console;

import io.banstream.schemas.Address;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/**
 * An operator's allow.
 *
 * @param target an address, a network (width as for {@link BanRequest}) or a host name
 * @param length empty: until it is withdrawn
 * @param why the reason, one line
 * @param confirmed a wide network is meant
 */
public record AllowRequest(
    String target, Optional<Duration> length, Optional<String> why, boolean confirmed) {
  private static final String NAME =
      "(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?(\\.[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?)*";

  public AllowRequest {
    target = canonical(target);
    Address.tryParse(target).ifPresent(network -> Width.require(network, confirmed));
    Lengths.require(length);
    Words.why(why);
  }

  /**
   * A target as the topic's key has it.
   *
   * @throws IllegalArgumentException if it is no address, network or host name
   */
  static String canonical(String target) {
    Optional<Address> network = Address.tryParse(target);
    if (network.isPresent()) {
      return network.get().toString();
    }
    String name = target.toLowerCase(Locale.ROOT);
    // Digits and dots alone are a mistyped address, not a name.
    if (!name.matches(NAME) || name.matches("[0-9./]*")) {
      throw new IllegalArgumentException(
          "target = " + Plain.text(target) + ", expected an address, a network or a host name");
    }
    return name;
  }
}
