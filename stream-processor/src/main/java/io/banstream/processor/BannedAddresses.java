package io.banstream.processor;

import io.banstream.jails.Policy.Subnet;
import io.banstream.schemas.Address;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.utils.ByteUtils;

/**
 * The addresses of one network that one jail has banned, over as their bans may be. At most {@value
 * Subnet#MOST_BANS} are kept, those whose bans end last: as many as may be asked for.
 *
 * <p>Packed as its version, whether it was told that the network stays open, when a record touched
 * it, and of each address its text, begin, and end (0 | 1 until-from), numbers as varints.
 */
final class BannedAddresses {
  private static final byte VERSION = 1;
  private static final int LONGEST_NUMBER = 10;
  private static final int LONGEST_ADDRESS = 64;

  /**
   * One of them.
   *
   * @param address as it is banned: a network where ipv6prefix says so
   * @param until {@link Ban#FOR_EVER}
   */
  record Banned(Address address, Instant from, Instant until) {
    boolean holds(Instant time) {
      return time.isBefore(until);
    }
  }

  private final SortedMap<Address, Banned> all = new TreeMap<>();
  private Instant touched = Instant.EPOCH;
  private boolean told;

  /** Takes the address's newest ban in the place of an earlier one. */
  void add(Banned banned, Instant append) {
    all.put(banned.address(), banned);
    touched = Ban.later(touched, append);
    if (all.size() > Subnet.MOST_BANS) {
      all.values().stream()
          .min(Comparator.comparing(Banned::until))
          .ifPresent(first -> all.remove(first.address()));
    }
  }

  void remove(Address address) {
    all.remove(address);
  }

  /** Those whose bans hold at {@code time}, the oldest first. */
  List<Banned> at(Instant time) {
    return all.values().stream()
        .filter(b -> b.holds(time))
        .sorted(Comparator.comparing(Banned::from).thenComparing(Banned::address))
        .toList();
  }

  /**
   * It is told that the network stays open, or there is nothing to tell.
   *
   * @return whether it was the other way before
   */
  boolean told(boolean now) {
    boolean changes = told != now;
    told = now;
    return changes;
  }

  boolean isEmpty() {
    return all.isEmpty() && !told;
  }

  /** The append time from which no failure can ask for it, by {@link Memory}'s measure. */
  Instant forgotten() {
    Instant over = all.values().stream().map(Banned::until).reduce(touched, Ban::later);
    return over.equals(Ban.FOR_EVER) ? Ban.FOR_EVER : over.plus(Memory.GRACE);
  }

  byte[] encode() {
    ByteBuffer bytes =
        ByteBuffer.allocate(
            2 + LONGEST_NUMBER + all.size() * (LONGEST_ADDRESS + 3 * LONGEST_NUMBER));
    bytes.put(VERSION).put((byte) (told ? 1 : 0));
    ByteUtils.writeVarlong(touched.toEpochMilli(), bytes);
    for (Banned banned : all.values()) {
      byte[] text = banned.address().toString().getBytes(StandardCharsets.US_ASCII);
      bytes.put((byte) text.length).put(text);
      long from = banned.from().toEpochMilli();
      ByteUtils.writeVarlong(from, bytes);
      if (banned.until().equals(Ban.FOR_EVER)) {
        bytes.put((byte) 0);
      } else {
        bytes.put((byte) 1);
        ByteUtils.writeVarlong(banned.until().toEpochMilli() - from, bytes);
      }
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  /**
   * @throws IllegalArgumentException if the bytes are of a version that this one can't read
   */
  static BannedAddresses decode(byte[] packed) {
    ByteBuffer bytes = ByteBuffer.wrap(packed);
    byte version = bytes.get();
    if (version != VERSION) {
      throw new IllegalArgumentException("network of version " + version + ", expected " + VERSION);
    }
    BannedAddresses read = new BannedAddresses();
    read.told = bytes.get() == 1;
    read.touched = Instant.ofEpochMilli(ByteUtils.readVarlong(bytes));
    while (bytes.hasRemaining()) {
      byte[] text = new byte[bytes.get()];
      bytes.get(text);
      Address address = Address.parse(new String(text, StandardCharsets.US_ASCII));
      long from = ByteUtils.readVarlong(bytes);
      Instant until =
          bytes.get() == 0
              ? Ban.FOR_EVER
              : Instant.ofEpochMilli(from + ByteUtils.readVarlong(bytes));
      read.all.put(address, new Banned(address, Instant.ofEpochMilli(from), until));
    }
    return read;
  }
}
