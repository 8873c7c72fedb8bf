package io.banstream.testkit;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** A network of the model, by plain arithmetic: as many bits of a number. */
record ModelAddress(int width, BigInteger number, int prefix) {

  /** Takes an address or network as literal text; the JDK makes a mapped address IPv4. */
  static ModelAddress parse(String text) {
    String[] parts = text.split("/", 2);
    if (!parts[0].matches("[0-9a-fA-F:.]+")) {
      throw new IllegalArgumentException("not an address: " + text);
    }
    byte[] bytes;
    try {
      bytes = InetAddress.getByName(parts[0]).getAddress();
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("not an address: " + text, e);
    }
    int width = bytes.length * Byte.SIZE;
    int prefix = parts.length == 1 ? width : Integer.parseInt(parts[1]);
    return new ModelAddress(width, new BigInteger(1, bytes), width).cut(prefix);
  }

  /** The network of that many bits that holds this one. */
  ModelAddress cut(int bits) {
    if (bits >= prefix) {
      return this;
    }
    int zeros = width - bits;
    return new ModelAddress(width, number.shiftRight(zeros).shiftLeft(zeros), bits);
  }

  /** Rule 1: IPv6 counts as its network of {@code ipv6prefix}. */
  ModelAddress counted(int ipv6prefix) {
    return width == Integer.SIZE ? this : cut(ipv6prefix);
  }

  boolean contains(ModelAddress other) {
    return width == other.width && prefix <= other.prefix && other.cut(prefix).equals(this);
  }

  boolean overlaps(ModelAddress other) {
    return contains(other) || other.contains(this);
  }

  /** RFC 5952; a full prefix is not written. */
  @Override
  public String toString() {
    String text = width == Integer.SIZE ? dotted() : colons();
    return prefix == width ? text : text + "/" + prefix;
  }

  private String dotted() {
    int n = number.intValue();
    return (n >>> 24) + "." + (n >>> 16 & 255) + "." + (n >>> 8 & 255) + "." + (n & 255);
  }

  private String colons() {
    StringBuilder groups = new StringBuilder();
    for (int shift = 112; shift >= 0; shift -= 16) {
      groups.append(':').append(Integer.toHexString(number.shiftRight(shift).intValue() & 0xFFFF));
    }
    // The longest run of at least two zero groups, the first of equals, becomes the double colon.
    for (int run = 8; run >= 2; run--) {
      String zeros = ":0".repeat(run);
      int at = (groups + ":").indexOf(zeros + ":");
      if (at >= 0) {
        String before = groups.substring(0, at);
        String after = groups.substring(at + zeros.length());
        return (before.isEmpty() ? "" : before.substring(1))
            + "::"
            + (after.isEmpty() ? "" : after.substring(1));
      }
    }
    return groups.substring(1);
  }
}
