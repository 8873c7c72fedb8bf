package io.banstream.processor;

import io.banstream.schemas.Address;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;

/**
 * The addresses' states, and the times at which they are to be looked at. The states that were
 * touched last are kept decoded; a changed one is written when it has to make room, or before a
 * commit. Each address has at most one alarm; one that rings early is set anew, so a failure that
 * prolongs a window does not touch it.
 */
final class AddressStore {
  /** Kept decoded: some 500 bytes each. */
  private static final int HOT = 20_000;

  private final Table<String> states;
  private final Table<Bytes> alarms;
  private final Map<Address, Hot> hot = new LinkedHashMap<>(16, 0.75f, true);
  private final StateCodec codec = new StateCodec();
  private final List<Hot> changed = new ArrayList<>();

  /** The one that was asked for last: it is asked for again, to be saved. */
  private Hot last;

  /** No alarm is earlier: spares a look at the store with each record. */
  private Instant earliest;

  /** A decoded state. */
  private static final class Hot {
    private final Address address;
    private AddressState state;
    private boolean unsaved;

    /** What held when its alarm was set; null: not known. */
    private InForce settled;

    Hot(Address address, AddressState state) {
      this.address = address;
      this.state = state;
    }
  }

  AddressStore(Table<String> states, Table<Bytes> alarms) {
    this.states = states;
    this.alarms = alarms;
    this.earliest = Instant.EPOCH; // not known yet
  }

  AddressState state(Address address) {
    return hot(address).state;
  }

  /**
   * The state without what is forgotten by {@code append}. Before its alarm nothing is: so long as
   * the same holds as when that was set, there is nothing to look at.
   */
  AddressState recalled(Address address, InForce now, Instant append) {
    Hot entry = hot(address);
    AddressState state = entry.state;
    boolean whole =
        entry.settled == now
            && append.isBefore(state.alarm())
            && state.bans().size() <= History.MOST;
    return whole ? state : Memory.recall(state, now, append);
  }

  private Hot hot(Address address) {
    if (last == null || !last.address.equals(address)) {
      last = find(address);
    }
    return last;
  }

  private Hot find(Address address) {
    Hot known = hot.get(address);
    if (known == null) {
      byte[] bytes = states.get(address.toString());
      known = new Hot(address, bytes == null ? AddressState.NONE : codec.decode(bytes));
      hot.put(address, known);
      if (hot.size() > HOT) {
        cool();
      }
    }
    return known;
  }

  /** The one that was not touched for the longest makes room. */
  private void cool() {
    Iterator<Hot> eldest = hot.values().iterator();
    Hot gone = eldest.next();
    if (gone.unsaved) {
      write(gone); // it stays among the changed, and is passed over there
    }
    eldest.remove();
  }

  /** Every address with a state. */
  List<Address> addresses() {
    save();
    List<Address> all = new ArrayList<>();
    states.scan((key, state) -> all.add(Address.parse(key)));
    return all;
  }

  /**
   * @param before as it is stored; without its alarm where that rang
   * @param after its alarm being the time by which it must be looked at
   * @param now what held as that was set
   */
  void save(Address address, AddressState before, AddressState after, InForce now) {
    AddressState saved = after;
    if (after.isEmpty()) {
      alarm(address, before.alarm(), Ban.FOR_EVER);
    } else if (!after.alarm().isBefore(before.alarm()) && !after.alarm().equals(Ban.FOR_EVER)) {
      saved = after.withAlarm(before.alarm()); // it is set and rings early enough: it stays
    } else {
      alarm(address, before.alarm(), after.alarm());
    }
    Hot entry = hot(address);
    boolean same = saved.equals(entry.state); // as with each failure during a ban
    entry.state = saved;
    entry.settled = now;
    if (!same && !entry.unsaved) {
      entry.unsaved = true;
      changed.add(entry);
    }
  }

  /** Writes what changed since it was last called. */
  void save() {
    for (Hot entry : changed) {
      if (entry.unsaved) {
        write(entry);
      }
    }
    changed.clear();
  }

  private void write(Hot entry) {
    entry.unsaved = false;
    String key = entry.address.toString();
    if (entry.state.isEmpty()) {
      states.delete(key);
    } else {
      states.put(key, codec.encode(entry.state));
    }
  }

  /** Takes out the alarms that ring at {@code append}, at most so many, the earliest first. */
  List<Address> ring(Instant append, int most) {
    List<Address> rung = new ArrayList<>();
    if (append.isBefore(earliest)) {
      return rung;
    }
    List<Bytes> due = new ArrayList<>();
    earliest = Ban.FOR_EVER;
    alarms.scan(
        (key, nothing) -> {
          Instant time = Instant.ofEpochMilli(ByteBuffer.wrap(key.get()).getLong());
          if (append.isBefore(time) || due.size() == most) {
            earliest = time;
            return false;
          }
          return due.add(key);
        });
    for (Bytes key : due) {
      alarms.delete(key);
      String text =
          new String(key.get(), Long.BYTES, key.get().length - Long.BYTES, StandardCharsets.UTF_8);
      rung.add(Address.parse(text));
    }
    return rung;
  }

  private void alarm(Address address, Instant before, Instant after) {
    if (before.equals(after)) {
      return;
    }
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
