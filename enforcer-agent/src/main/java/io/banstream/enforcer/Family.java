package io.banstream.enforcer;

import io.banstream.schemas.Address;

/** IPv4 or IPv6: each has sets, tables and a tool of its own. */
enum Family {
  V4('4', "inet", "ip"),
  V6('6', "inet6", "ip6");

  private final char digit;
  private final String ipset;
  private final String nft;

  Family(char digit, String ipset, String nft) {
    this.digit = digit;
    this.ipset = ipset;
    this.nft = nft;
  }

  static Family of(Address address) {
    return address.isV4() ? V4 : V6;
  }

  /** Of an address. */
  int bits() {
    return this == V4 ? 32 : 128;
  }

  char digit() {
    return digit;
  }

  /** As in {@code ipset create ... family inet}. */
  String ipset() {
    return ipset;
  }

  /** As in {@code nft list table ip filter}. */
  String nft() {
    return nft;
  }
}
