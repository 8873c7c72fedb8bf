package io.banstream.schemas;

/** What an {@link Alert} may be of. */
public final class Alerts {
  /** A host has passed its share of the setting of that name. */
  public static final String BANS = "guard.bans";

  /** A ban reaches one host only, for its address is one that logs in: known.days. */
  public static final String KNOWN = "known";

  /** A network is not banned for its addresses, because of what is allowed in it or around it. */
  public static final String OPEN_NETWORK = "subnet.allowed";

  /** An address is not banned, for it is of the setting of that name. */
  public static final String SPARE = "guard.spare";

  /** A host's clock is ahead of the broker's. */
  public static final String CLOCK = "clock";

  /** A host sends far more failures than is usual for it. */
  public static final String FLOOD = "flood";

  private Alerts() {}
}
