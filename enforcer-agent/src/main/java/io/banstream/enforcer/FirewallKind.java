package io.banstream.enforcer;

import java.util.Locale;

/** What keeps the bans on this host. */
public enum FirewallKind {
  /** The first that is there and allowed. */
  AUTO,
  /** Sets of ipset, rules of iptables and ip6tables. */
  IPSET,
  /** Nothing is touched; the commands are printed. */
  DRY_RUN,
  /** Sets and rules of nftables. */
  NFTABLES,
  /** firewalld over D-Bus; not built yet. */
  FIREWALLD;

  /** As written on the command line and in records: {@code dry-run}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
