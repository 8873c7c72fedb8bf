package io.banstream.schemas;

/** What an {@link Alert} may be of. */
public final class Alerts {
  /** A host has passed its share of the setting of that name. */
  public static final String BANS = "guard.bans";

  /** A ban reaches one host only, for its address is one that logs in: known.days. */
  public static final String KNOWN = "known";

  private Alerts() {}
}
