package io.banstream.console;

import io.banstream.schemas.Address;

/** How wide a network an operator may name: /0 never, wider than /16 or IPv6 /32 if meant. */
final class Width {
  private static final int WIDEST_V4 = 16;
  private static final int WIDEST_V6 = 32;

  private Width() {}

  static void require(Address target, boolean confirmed) {
    int widest = target.isV4() ? WIDEST_V4 : WIDEST_V6;
    if (target.prefix() == 0) {
      throw new IllegalArgumentException("target = " + target + ": every address, never taken");
    }
    if (target.prefix() < widest && !confirmed) {
      throw new IllegalArgumentException(
          "target = " + target + ": wider than /" + widest + ", taken only with --yes");
    }
  }
}
