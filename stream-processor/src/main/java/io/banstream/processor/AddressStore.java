package io.banstream.processor;

import io.banstream.schemas.Address;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The addresses' states, the lines that their windows hold, and the times at which they are to be
 * looked at. Each address has at most one alarm; one that rings early is set anew, so a failure
 * that prolongs a window does not touch it.
 */
final class AddressStore {
  private final KeyValueStore<String, byte[]> states;
  private final KeyValueStore<Bytes, byte[]> alarms;
  private final KeyValueStore<Long, byte[]> lines;

  /** No alarm is earlier: spares a look at the store with each record. */
  private Instant earliest;

  AddressStore(
      KeyValueStore<String, byte[]> states,
      KeyValueStore<Bytes, byte[]> alarms,
      KeyValueStore<Long, byte[]> lines) {
    this.states = states;
    this.alarms = alarms;
    this.lines = lines;
    this.earliest = Instant.EPOCH; // not known yet
  }

  AddressState state(Address address) {
    byte[] bytes = states.get(address.toString());
    return bytes == null ? AddressState.NONE : StateCodec.decode(bytes);
  }

  /** Every address with a state. */
  List<Address> addresses() {
    List<Address> all = new ArrayList<>();
    try (var entries = states.all()) {
      entries.forEachRemaining(e -> all.add(Address.parse(e.key)));
    }
    return all;
  }

  LoggedLine line(long number) {
    byte[] bytes = lines.get(number);
    return bytes == null ? null : LoggedLine.decode(bytes);
  }

  void keepLine(long number, LoggedLine line) {
    lines.put(number, line.encode());
  }

  /**
   * @param before as it is stored; without its alarm where that rang
   * @param after its alarm being the time by which it must be looked at
   */
  void save(Address address, AddressState before, AddressState after) {
    Set<Long> unused = new HashSet<>(before.lines());
    unused.removeAll(after.lines());
    unused.forEach(lines::delete);
    if (after.isEmpty()) {
      alarm(address, before.alarm(), Ban.FOR_EVER);
      states.delete(address.toString());
      return;
    }
    // An alarm that is set and rings early enough stays.
    boolean stays = !after.alarm().isBefore(before.alarm()) && !after.alarm().equals(Ban.FOR_EVER);
    AddressState saved = stays ? after.withAlarm(before.alarm()) : after;
    if (!stays) {
      alarm(address, before.alarm(), after.alarm());
    }
    states.put(address.toString(), StateCodec.encode(saved));
  }

  /** Takes out the alarms that ring at {@code append}, at most so many, the earliest first. */
  List<Address> ring(Instant append, int most) {
    List<Address> rung = new ArrayList<>();
    if (append.isBefore(earliest)) {
      return rung;
    }
    List<Bytes> due = new ArrayList<>();
    earliest = Ban.FOR_EVER;
    try (var entries = alarms.all()) {
      while (entries.hasNext()) {
        Bytes key = entries.next().key;
        Instant time = Instant.ofEpochMilli(ByteBuffer.wrap(key.get()).getLong());
        if (append.isBefore(time) || due.size() == most) {
          earliest = time;
          break;
        }
        due.add(key);
      }
    }
    for (Bytes key : due) {
      alarms.delete(key);
      String text =
          new String(key.get(), Long.BYTES, key.get().length - Long.BYTES, StandardCharsets.UTF_8);
      rung.add(Address.parse(text));
    }
    return rung;
  }

  private void alarm(Address address, Instant before, Instant after) {
    if (!before.equals(Ban.FOR_EVER)) {
      alarms.delete(key(before, address));
    }
    if (!after.equals(Ban.FOR_EVER)) {
      alarms.put(key(after, address), new byte[0]);
      earliest = after.isBefore(earliest) ? after : earliest;
    }
  }

  private static Bytes key(Instant time, Address address) {
    byte[] text = address.toString().getBytes(StandardCharsets.UTF_8);
    return Bytes.wrap(
        ByteBuffer.allocate(Long.BYTES + text.length)
            .putLong(Math.max(0, time.toEpochMilli()))
            .put(text)
            .array());
  }
}
