package io.banstream.processor;

import io.banstream.schemas.AvroSerde;
import io.banstream.schemas.Key;
import io.banstream.schemas.Totals;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.streams.state.KeyValueStore;

/** What this partition counted, by jail and host, and by jail for the whole fleet. */
final class TotalsBook {
  private final AvroSerde<Totals> serde = new AvroSerde<>(Totals.class, Optional.empty());
  private final KeyValueStore<String, byte[]> store;
  private final int partition;
  private final Map<JailReach, Totals> totals = new HashMap<>();
  private final Set<JailReach> changed = new HashSet<>();

  TotalsBook(KeyValueStore<String, byte[]> store, int partition) throws Unbelievable {
    this.store = store;
    this.partition = partition;
    try (var entries = store.all()) {
      while (entries.hasNext()) {
        Totals read = Reading.decode(serde.deserializer(), entries.next().value);
        totals.put(new JailReach(read.getJail(), read.getHost()), read);
      }
    }
    // What was counted last before a crash may not have been told.
    changed.addAll(totals.keySet());
  }

  /** Changes the fleet's and the host's totals alike. */
  void count(String jail, String host, Consumer<Totals> change) {
    count(JailReach.fleet(jail), change);
    count(new JailReach(jail, host), change);
  }

  void count(JailReach key, Consumer<Totals> change) {
    Totals counted =
        totals.computeIfAbsent(
            key, k -> new Totals(partition, k.jail(), k.reach(), 0L, 0L, null, 0L, 0L, 0L, 0L, 0L));
    change.accept(counted);
    changed.add(key);
    store.put(
        Key.of(key.jail(), key.reach()), serde.serializer().serialize(TaskStores.TOTALS, counted));
  }

  /**
   * @param hosts with a failure behind the ban
   */
  void banned(Ban ban, List<String> hosts, Instant append) {
    Consumer<Totals> change =
        t -> {
          t.setBanned(t.getBanned() + 1);
          t.setPast(t.getPast() + (ban.holds(append) ? 0 : 1));
        };
    count(JailReach.fleet(ban.jail()), change);
    hosts.forEach(host -> count(new JailReach(ban.jail(), host), change));
  }

  /** Tells apart what failed before and what fails now of one address. */
  void failing(AddressState before, AddressState after, InForce inForce) {
    Map<JailReach, Instant> was = failing(before, inForce);
    Map<JailReach, Instant> is = failing(after, inForce);
    if (was.equals(is)) {
      return;
    }
    is.forEach(
        (key, until) ->
            count(
                key,
                t -> {
                  t.setFailing(t.getFailing() + (was.containsKey(key) ? 0 : 1));
                  Instant known = Optional.ofNullable(t.getFailingUntil()).orElse(until);
                  t.setFailingUntil(Ban.later(known, until));
                }));
    was.keySet().stream().filter(key -> !is.containsKey(key)).forEach(this::failsNoMore);
  }

  private void failsNoMore(JailReach key) {
    count(
        key,
        t -> {
          t.setFailing(t.getFailing() - 1);
          if (t.getFailing() == 0) {
            t.setFailingUntil(null);
          }
        });
  }

  private static Map<JailReach, Instant> failing(AddressState state, InForce inForce) {
    Map<JailReach, Instant> failing = new HashMap<>();
    state
        .windows()
        .forEach(
            (key, window) -> {
              if (window.failing()) {
                Instant end = Memory.end(key, window, inForce);
                failing.merge(JailReach.fleet(key.jail()), end, Ban::later);
                for (Failure failure : window.failures()) {
                  failing.merge(new JailReach(key.jail(), failure.host()), end, Ban::later);
                }
              }
            });
    return failing;
  }

  /** What changed since it was last asked. */
  List<Totals> changes() {
    List<Totals> changes = new ArrayList<>();
    changed.forEach(key -> changes.add(Totals.newBuilder(totals.get(key)).build()));
    changed.clear();
    return changes;
  }

  static String key(Totals totals) {
    return Key.of(Integer.toString(totals.getPartition()), totals.getJail(), totals.getHost());
  }
}
