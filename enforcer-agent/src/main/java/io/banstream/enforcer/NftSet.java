package io.banstream.enforcer;

import io.banstream.schemas.Address;

/**
 * A set of nftables: a jail's banned networks of one length. So an address is found by its hash,
 * networks may lie within each other, and an element has its own end; sets of intervals would be
 * slower, and refuse what overlaps.
 *
 * @param prefix bits of the network part: 32 or 128 for single addresses
 */
record NftSet(String jail, Family family, int prefix) {
  static NftSet of(Entry entry) {
    Address address = entry.address();
    return new NftSet(entry.jail(), Family.of(address), address.prefix());
  }

  static NftSet single(String jail, Family family) {
    return new NftSet(jail, family, family.bits());
  }

  private boolean isSingle() {
    return prefix == family.bits();
  }

  /** {@code banstream-4-JAIL}, {@code banstream-4-JAIL/24}. */
  String name() {
    return Names.set(jail, family) + (isSingle() ? "" : "/" + prefix);
  }

  String type() {
    return type(family);
  }

  static String type(Family family) {
    return family == Family.V4 ? "ipv4_addr" : "ipv6_addr";
  }

  /** What of a packet must be in it, with the word before. */
  String match() {
    String field = family.nft() + " saddr ";
    return field + (isSingle() ? "" : "& " + mask() + " ") + "@" + name();
  }

  private String mask() {
    String ones =
        family == Family.V4 ? "255.255.255.255" : "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
    return base(Address.parse(ones).network(prefix));
  }

  /** An address without its length. */
  static String base(Address network) {
    String text = network.toString();
    int slash = text.indexOf('/');
    return slash < 0 ? text : text.substring(0, slash);
  }
}
