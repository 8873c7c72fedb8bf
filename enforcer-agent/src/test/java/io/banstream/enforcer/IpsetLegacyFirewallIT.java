package io.banstream.enforcer;

/** iptables with tables of its own, as on CentOS 6 and 7. */
class IpsetLegacyFirewallIT extends IpsetFirewallIT {
  IpsetLegacyFirewallIT() {
    super(new Tools("ipset", "iptables-legacy", "ip6tables-legacy", "nft"));
  }
}
