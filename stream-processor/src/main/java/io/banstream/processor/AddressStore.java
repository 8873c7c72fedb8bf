package io.banstream.processor;

import io.banstream.schemas.Address;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;

/**
 * The addresses' states, and the times at which they are to be looked at. The states that were
 * touched last are kept in the heap, packed: as objects each lay in some twenty places of the
 * memory, none of them in a cache. A changed one is written when it has to make room, or before a
 * commit. The alarm that counts is the one that stands in the state; one that rings early is set
 * anew, so a failure that prolongs a window does not touch it.
 */
final class AddressStore {
  /** Kept in the heap: some 250 bytes each. */
  private static final int HOT = 40_000;

  private final Table<String> states;
  private final AlarmBook alarms;
  private final Map<Address, Hot> hot = new LinkedHashMap<>(16, 0.75f, true);
  private final StateCodec codec;
  private final List<Hot> changed = new ArrayList<>();

  /** The one that was asked for last: it is asked for again, to be saved. */
  private Hot last;

  private AddressState lastState;

  /** A state as it is stored or will be. */
  private static final class Hot {
    private final Address address;

    /** Packed; null: nothing is known of the address. */
    private byte[] packed;

    private boolean unsaved;

    /** What held when its alarm was set; null: not known. */
    private InForce settled;

    Hot(Address address, byte[] packed) {
      this.address = address;
      this.packed = packed;
    }
  }

  AddressStore(Table<String> states, Table<Bytes> alarms, Names names) {
    this.codec = new StateCodec(names);
    this.states = states;
    this.alarms = new AlarmBook(alarms);
  }

  AddressState state(Address address) {
    hot(address);
    return lastState;
  }

  /**
   * The state without what is forgotten by {@code append}. Before its alarm nothing is: so long as
   * the same holds as when that was set, there is nothing to look at.
   */
  AddressState recalled(Address address, InForce now, Instant append) {
    Hot entry = hot(address);
    AddressState state = lastState;
    boolean whole =
        entry.settled == now
            && append.isBefore(state.alarm())
            && state.bans().size() <= History.MOST;
    return whole ? state : Memory.recall(state, now, append);
  }

  private Hot hot(Address address) {
    if (last == null || !last.address.equals(address)) {
      last = find(address);
      lastState = last.packed == null ? AddressState.NONE : codec.decode(last.packed);
    }
    return last;
  }

  private Hot find(Address address) {
    Hot known = hot.get(address);
    if (known == null) {
      known = new Hot(address, states.get(address.toString()));
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

  /** Every address with a state, sorted. */
  List<Address> addresses() {
    save();
    List<Address> all = new ArrayList<>();
    states.scan((key, state) -> all.add(Address.parse(key)));
    Collections.sort(all);
    return all;
  }

  /**
   * @param before as it is stored; without its alarm where that rang
   * @param after its alarm being the time by which it must be looked at
   * @param now what held as that was set
   */
  void save(Address address, AddressState before, AddressState after, InForce now) {
    AddressState saved = after;
    if (!after.isEmpty() && !after.alarm().equals(Ban.FOR_EVER)) {
      if (after.alarm().isBefore(before.alarm())) {
        alarms.set(address, after.alarm().toEpochMilli());
      } else {
        saved = after.withAlarm(before.alarm()); // it is set and rings early enough: it stays
      }
    }
    Hot entry = hot(address);
    entry.settled = now;
    if (saved.equals(lastState)) {
      return; // as with each failure during a ban
    }
    entry.packed = saved.isEmpty() ? null : codec.encode(saved);
    lastState = saved;
    if (!entry.unsaved) {
      entry.unsaved = true;
      changed.add(entry);
    }
  }

  /** Writes what changed since it was last called. */
  void save() {
    alarms.save();
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
    if (entry.packed == null) {
      states.delete(key);
    } else {
      states.put(key, entry.packed);
    }
  }

  /** Takes out the alarms that ring at {@code append}, at most so many, the earliest first. */
  List<AlarmBook.Alarm> ring(Instant append, int most) {
    return alarms.ring(append.toEpochMilli(), most);
  }
}
