package io.banstream.processor;

import io.banstream.schemas.Address;
import io.banstream.schemas.Key;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiPredicate;

/** By jail and network, which addresses are banned in it: {@code subnet.maxbans} asks. */
final class NetworkBook {
  /** Kept decoded from one commit to the next. */
  private static final int HOT = 10_000;

  private final Table<String> store;
  private final Map<String, BannedAddresses> hot = new HashMap<>();
  private final Set<String> changed = new HashSet<>();

  NetworkBook(Table<String> store) {
    this.store = store;
  }

  /** For the caller to change; empty where none was banned. */
  BannedAddresses of(String jail, Address network) {
    String key = Key.of(jail, network.toString());
    changed.add(key);
    return hot.computeIfAbsent(key, this::read);
  }

  private BannedAddresses read(String key) {
    byte[] bytes = store.get(key);
    return bytes == null ? new BannedAddresses() : BannedAddresses.decode(bytes);
  }

  void clear(String jail, Address network) {
    clear(Key.of(jail, network.toString()));
  }

  private void clear(String key) {
    hot.put(key, new BannedAddresses());
    changed.add(key);
  }

  /** Clears all but what {@code still} counts. */
  void keep(BiPredicate<String, Address> still) {
    save();
    List<String> gone = new ArrayList<>();
    store.scan(
        (key, bytes) -> {
          List<String> parts = Key.parts(key);
          return still.test(parts.get(0), Address.parse(parts.get(1))) || gone.add(key);
        });
    gone.forEach(this::clear);
  }

  /** Writes what changed since it was last called. */
  void save() {
    for (String key : changed) {
      BannedAddresses banned = hot.get(key);
      if (banned.isEmpty()) {
        store.delete(key);
      } else {
        store.put(key, banned.encode());
      }
    }
    changed.clear();
    if (hot.size() > HOT) {
      hot.clear();
    }
  }

  /** Drops what could change nothing any more. */
  void forget(Instant append) {
    save();
    List<String> gone = new ArrayList<>();
    store.scan(
        (key, bytes) ->
            append.isBefore(BannedAddresses.decode(bytes).forgotten()) || gone.add(key));
    gone.forEach(this::clear);
  }
}
