package io.banstream.enforcer;

import java.util.Locale;

/** What keeps the bans on this host. */
public enum FirewallKind {
  /** firewalld where it runs, else the first of ipset and nftables that is there and allowed. */
  AUTO,
  /** Sets of ipset, rules of iptables and ip6tables. */
  IPSET,
  /** Nothing is touched; the commands are printed. */
  DRY_RUN,
  /** Sets and rules of nftables. */
  NFTABLES,
  /**
   * Beside a firewalld that runs: in nftables where its own rules are, else in ipset and iptables.
   */
  FIREWALLD;

  /** As written on the command line and in records: {@code dry-run}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
