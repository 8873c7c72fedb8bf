package io.banstream.jails;

import io.banstream.jails.Policy.Increment;
import io.banstream.jails.Policy.Scope;
import io.banstream.schemas.Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads a jail's policy. */
final class PolicyReader {
  private final List<Notice> notices;

  /**
   * @param notices what is to be told is added here
   */
  PolicyReader(List<Notice> notices) {
    this.notices = notices;
  }

  /**
   * @param ownScope whether the scope is the section's own word; otherwise it is the fleet
   */
  Policy read(JailValues jail, boolean ownScope, Duration dbpurgeage)
      throws ConfigurationException {
    return new Policy(
        jail.time("findtime", "10m"),
        jail.timeOrEver("bantime", "10m"),
        jail.whole("maxretry", 5, 1, 999_999_999),
        ignoreip(jail),
        ownScope ? jail.read("scope", "fleet", PolicyReader::scope) : Scope.FLEET,
        jail.whole("ipv6prefix", 128, 1, 128),
        increment(jail),
        dbpurgeage);
  }

  private static Scope scope(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "fleet" -> Scope.FLEET;
      case "host" -> Scope.HOST;
      default -> throw new IllegalArgumentException("expected fleet or host");
    };
  }

  private static Increment increment(JailValues jail) throws ConfigurationException {
    Optional<String> maxtime = jail.text("bantime.maxtime").filter(t -> !t.isEmpty());
    Optional<String> rndtime = jail.text("bantime.rndtime").filter(t -> !t.isEmpty());
    return new Increment(
        jail.flag("bantime.increment", false),
        jail.read("bantime.factor", "1", PolicyReader::number),
        jail.read(
            "bantime.multipliers",
            "",
            t ->
                Stream.of(t.split("[\\s,]+"))
                    .filter(m -> !m.isEmpty())
                    .map(PolicyReader::number)
                    .toList()),
        maxtime.isPresent() ? Optional.of(jail.time("bantime.maxtime", "")) : Optional.empty(),
        rndtime.isPresent() && !rndtime.get().equals("0")
            ? jail.time("bantime.rndtime", "")
            : Duration.ZERO,
        jail.flag("bantime.overalljails", false));
  }

  private static double number(String text) {
    if (!text.matches("\\d{1,9}(\\.\\d{1,9})?") || Double.parseDouble(text) == 0) {
      throw new IllegalArgumentException("expected a number above 0");
    }
    return Double.parseDouble(text);
  }

  /** Addresses and networks; a name is told, and not resolved. */
  private List<Address> ignoreip(JailValues jail) throws ConfigurationException {
    List<Address> ignored = new ArrayList<>();
    for (String item : jail.text("ignoreip", "").split("[ ,\n]+")) {
      Optional<Address> address = Address.tryParse(withPrefix(item));
      if (address.isPresent()) {
        ignored.add(address.get());
      } else if (item.matches("[A-Za-z0-9_][A-Za-z0-9_.-]*") && item.matches(".*[A-Za-z].*")) {
        notices.add(
            new Notice(
                Notice.Severity.WARNING,
                jail.where("ignoreip"),
                "ignoreip: "
                    + item
                    + " is a name; names are not resolved here, so it is not ignored"));
      } else if (!item.isEmpty()) {
        throw new ConfigurationException(
            jail.where("ignoreip"),
            "ignoreip = " + Printable.of(item) + ", expected addresses and networks");
      }
    }
    return ignored;
  }

  /** A network with a mask, 192.0.2.0/255.255.255.0, as one with a prefix. */
  private static String withPrefix(String item) {
    int slash = item.indexOf('/');
    Optional<Address> mask =
        slash < 0 || item.indexOf('.', slash) < 0
            ? Optional.empty()
            : Address.tryParse(item.substring(slash + 1));
    if (mask.isEmpty()) {
      return item;
    }
    long bits = 0;
    for (String octet : mask.get().toString().split("\\.")) {
      bits = bits << 8 | Integer.parseInt(octet);
    }
    int prefix = Long.bitCount(bits);
    boolean solid = bits == (0xFFFF_FFFFL << 32 - prefix & 0xFFFF_FFFFL);
    return solid ? item.substring(0, slash + 1) + prefix : item;
  }
}
