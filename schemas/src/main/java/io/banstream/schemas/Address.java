package io.banstream.schemas;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * An IPv4 or IPv6 address or network in its one canonical form.
 *
 * <p>An IPv4-mapped IPv6 address is the IPv4 address. A network's host bits are zero. Text is RFC
 * 5952 (lower case, the longest run of zero groups cut), a network as {@code 2001:db8::/64}; a full
 * prefix is not written. Two addresses are equal exactly when their text is. No name is ever
 * resolved.
 */
public final class Address implements Comparable<Address> {
  private static final int V4_BITS = 32;
  private static final int V6_BITS = 128;

  private final boolean v4;
  private final long high;
  private final long low;
  private final int prefix;

  private Address(boolean v4, long high, long low, int prefix) {
    this.v4 = v4;
    this.prefix = prefix;
    if (v4) {
      this.high = 0;
      this.low = low & mask(prefix + Integer.SIZE) & 0xFFFF_FFFFL;
    } else {
      this.high = high & mask(Math.min(prefix, Long.SIZE));
      this.low = low & mask(Math.max(prefix - Long.SIZE, 0));
    }
  }

  /** The topmost {@code bits} of a long set, for 0 to 64. */
  private static long mask(int bits) {
    return bits == 0 ? 0 : -1L << (Long.SIZE - bits);
  }

  /**
   * The address or network (CIDR) that the text names.
   *
   * @throws IllegalArgumentException if the text is neither; the message quotes it
   */
  public static Address parse(String text) {
    return tryParse(text)
        .orElseThrow(
            () -> new IllegalArgumentException("not an IP address or network: '" + text + "'"));
  }

  /** As {@link #parse}, empty where the text is no address: a host name, say. */
  public static Optional<Address> tryParse(String text) {
    int slash = text.indexOf('/');
    String literal = slash < 0 ? text : text.substring(0, slash);
    byte[] bytes = literal.indexOf(':') < 0 ? v4Bytes(literal) : v6Bytes(literal);
    if (bytes.length == 0) {
      return Optional.empty();
    }
    int written = bytes.length * Byte.SIZE;
    int prefix = written;
    if (slash >= 0) {
      prefix = decimal(text, slash + 1, text.length(), 3);
      if (prefix < 0 || prefix > written) {
        return Optional.empty();
      }
    }
    return of(bytes, prefix);
  }

  /** The address of a socket or an interface. */
  public static Address of(InetAddress address) {
    byte[] bytes = address.getAddress();
    return of(bytes, bytes.length * Byte.SIZE).orElseThrow();
  }

  private static Optional<Address> of(byte[] bytes, int prefix) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    if (bytes.length == 4) {
      return Optional.of(new Address(true, 0, buffer.getInt() & 0xFFFF_FFFFL, prefix));
    }
    long high = buffer.getLong();
    long low = buffer.getLong();
    boolean mapped = high == 0 && low >>> Integer.SIZE == 0xFFFFL;
    if (mapped && prefix >= V6_BITS - V4_BITS) {
      return Optional.of(new Address(true, 0, low, prefix - (V6_BITS - V4_BITS)));
    }
    return Optional.of(new Address(false, high, low, prefix));
  }

  private static byte[] v4Bytes(String text) {
    byte[] bytes = new byte[4];
    int at = 0;
    for (int i = 0; i < 4; i++) {
      int end = i < 3 ? text.indexOf('.', at) : text.length();
      int value = end < 0 ? -1 : decimal(text, at, end, 3);
      if (value < 0 || value > 255) {
        return new byte[0];
      }
      bytes[i] = (byte) value;
      at = end + 1;
    }
    return bytes;
  }

  private static byte[] v6Bytes(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      // Keeps zones (%eth0) and everything that the JDK might try to resolve out of its parser.
      if (Character.digit(c, 16) < 0 && c != ':' && c != '.' || c > 'f') {
        return new byte[0];
      }
    }
    try {
      byte[] bytes = InetAddress.getByName("[" + text + "]").getAddress();
      return bytes.length == 16 ? bytes : mapped(bytes);
    } catch (UnknownHostException e) {
      return new byte[0];
    }
  }

  /** The JDK turns a mapped address into IPv4 by itself; a prefix still counts 128 bits. */
  private static byte[] mapped(byte[] v4) {
    byte[] bytes = new byte[16];
    bytes[10] = (byte) 0xFF;
    bytes[11] = (byte) 0xFF;
    System.arraycopy(v4, 0, bytes, 12, 4);
    return bytes;
  }

  /** A decimal number without sign or leading zero, of at most {@code most} digits; else -1. */
  private static int decimal(String text, int from, int to, int most) {
    if (to <= from || to - from > most || text.charAt(from) == '0' && to - from > 1) {
      return -1;
    }
    int value = 0;
    for (int i = from; i < to; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }

  public boolean isV4() {
    return v4;
  }

  /** Bits of the network part: 32 or 128 for a single address. */
  public int prefix() {
    return prefix;
  }

  /** Whether this is more than one address. */
  public boolean isNetwork() {
    return prefix < (v4 ? V4_BITS : V6_BITS);
  }

  /** Whether {@code other} is this address, or lies within this network. */
  public boolean contains(Address other) {
    return v4 == other.v4
        && prefix <= other.prefix
        && new Address(v4, other.high, other.low, prefix).equals(this);
  }

  /** Whether the one lies within the other, or they are the same. */
  public boolean overlaps(Address other) {
    return contains(other) || other.contains(this);
  }

  /** What an IPv6 address is counted as under a jail's {@code ipv6prefix}; IPv4 is itself. */
  public Address counted(int ipv6prefix) {
    return v4 || prefix <= ipv6prefix ? this : new Address(false, high, low, ipv6prefix);
  }

  /** The network of {@code bits} that holds this address. */
  public Address network(int bits) {
    return bits >= prefix ? this : new Address(v4, high, low, bits);
  }

  public boolean isLoopback() {
    return v4 ? low >>> 24 == 127 : !isNetwork() && high == 0 && low == 1;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Address a
        && v4 == a.v4
        && high == a.high
        && low == a.low
        && prefix == a.prefix;
  }

  @Override
  public int hashCode() {
    long mixed = (high * 31 + low) * 31 + prefix;
    return Long.hashCode(mixed * 0x9E37_79B9_7F4A_7C15L);
  }

  /** IPv4 before IPv6, then by number, wider networks first. */
  @Override
  public int compareTo(Address o) {
    int order = Boolean.compare(o.v4, v4);
    order = order != 0 ? order : Long.compareUnsigned(high, o.high);
    order = order != 0 ? order : Long.compareUnsigned(low, o.low);
    return order != 0 ? order : Integer.compare(prefix, o.prefix);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(43);
    if (v4) {
      text.append(low >>> 24).append('.').append(low >>> 16 & 255).append('.');
      text.append(low >>> 8 & 255).append('.').append(low & 255);
    } else {
      appendV6(text);
    }
    if (isNetwork()) {
      text.append('/').append(prefix);
    }
    return text.toString();
  }

  private int group(int i) {
    return (int) ((i < 4 ? high : low) >>> 48 - 16 * (i & 3)) & 0xFFFF;
  }

  private void appendV6(StringBuilder text) {
    int start = -1;
    int length = 1; // RFC 5952 4.2.2: a single zero group is not cut
    for (int i = 0; i < 8; i++) {
      int run = 0;
      while (i + run < 8 && group(i + run) == 0) {
        run++;
      }
      if (run > length) {
        start = i;
        length = run;
      }
      i += run;
    }
    for (int i = 0; i < 8; i++) {
      if (i == start) {
        text.append("::");
        i += length - 1;
      } else {
        if (i > 0 && text.charAt(text.length() - 1) != ':') {
          text.append(':');
        }
        text.append(Integer.toHexString(group(i)));
      }
    }
  }
}
