package io.banstream.standalone.shadow;

/** Who bans. */
public enum Side {
  FAIL2BAN,
  BANSTREAM;

  Side other() {
    return this == FAIL2BAN ? BANSTREAM : FAIL2BAN;
  }

  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
