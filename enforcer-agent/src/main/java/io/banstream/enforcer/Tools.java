package io.banstream.enforcer;

/**
 * The names by which the firewall's tools are called, {@code -save} and {@code -restore} following
 * the name of iptables.
 */
record Tools(String ipset, String iptables, String ip6tables, String nft) {
  static final Tools STANDARD = new Tools("ipset", "iptables", "ip6tables", "nft");

  String iptables(Family family) {
    return family == Family.V4 ? iptables : ip6tables;
  }
}
