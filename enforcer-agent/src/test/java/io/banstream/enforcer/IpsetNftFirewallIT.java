package io.banstream.enforcer;

/** iptables that writes to nftables. */
class IpsetNftFirewallIT extends IpsetFirewallIT {
  IpsetNftFirewallIT() {
    super(new Tools("ipset", "iptables-nft", "ip6tables-nft", "nft"));
  }
}
