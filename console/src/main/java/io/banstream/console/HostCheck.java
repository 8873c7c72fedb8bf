package io.banstream.console;

import io.banstream.schemas.Address;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/**
 * Whether a request's Host header is one that a page of ours sends. A name that an attacker points
 * at this machine (DNS rebinding) is not; an address can't be pointed elsewhere.
 */
final class HostCheck {
  private static final Path KERNEL_NAME = Path.of("/proc/sys/kernel/hostname");

  private final Set<String> names;

  /**
   * @param names that this machine has, in lower case; an address among them does no harm
   */
  HostCheck(Set<String> names) {
    this.names = Set.copyOf(names);
  }

  /**
   * Admits this machine's own name, and the one that HTTP was bound to: neither is an attacker's to
   * point.
   */
  static HostCheck of(Bind bind) {
    String bound = bind.host().toLowerCase(Locale.ROOT);
    try {
      String own = Files.readString(KERNEL_NAME).strip().toLowerCase(Locale.ROOT);
      return new HostCheck(own.equals(bound) ? Set.of(own) : Set.of(own, bound));
    } catch (IOException e) {
      return new HostCheck(Set.of(bound)); // no Linux
    }
  }

  boolean admits(String header) {
    if (header == null) {
      return false;
    }
    String host = withoutPort(header.toLowerCase(Locale.ROOT));
    return host.equals("localhost")
        || names.contains(host)
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
