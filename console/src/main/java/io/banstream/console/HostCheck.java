package io.banstream.console;

import io.banstream.schemas.Address;
import java.util.Locale;

/**
 * Whether a request's Host header is one that a page of ours sends. A name that an attacker points
 * at this machine (DNS rebinding) is not; an address can't be pointed elsewhere.
 */
final class HostCheck {
  private final String name;

  /**
   * @param name the name that HTTP was bound to; an address does no harm
   */
  HostCheck(String name) {
    this.name = name.toLowerCase(Locale.ROOT);
  }

  boolean admits(String header) {
    if (header == null) {
      return false;
    }
    String host = withoutPort(header.toLowerCase(Locale.ROOT));
    return host.equals("localhost")
        || host.equals(name)
        || Address.tryParse(host).filter(a -> !a.isNetwork()).isPresent();
  }

  private static String withoutPort(String header) {
    if (header.startsWith("[")) {
      int end = header.indexOf(']');
      return end < 0 ? "" : header.substring(1, end);
    }
    int colon = header.indexOf(':');
    return colon < 0 ? header : header.substring(0, colon);
  }
}
