package io.banstream.processor;

import java.util.Set;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The state stores, each with its changelog. What grows with the addresses is where {@link
 * StoreKind} says, the rest in memory. Writes are cached, so a commit writes each changed entry
 * once.
 */
final class TaskStores {
  /** Counted address: its state, packed. */
  static final String ADDRESSES = "addresses";

  /** When which addresses are to be looked at: see {@link AlarmBook}. */
  static final String ALARMS = "alarms";

  /** Host, source, jail, incarnation: the highest position taken. */
  static final String POSITIONS = "positions";

  /** Policies and allows. */
  static final String IN_FORCE = "in-force";

  /** Jail, host: what was counted. */
  static final String TOTALS = "totals";

  /** Host: when bans on its word alone reached the others. */
  static final String GUARD = "guard";

  /** Jail, network: the addresses banned in it, packed. */
  static final String NETWORKS = "networks";

  /** What is known of hosts, and what was told of lately. */
  static final String WATCH = "watch";

  /** Has no state: it tells when the others are to have it. */
  static final String BEFORE_COMMIT = "before-commit";

  private TaskStores() {}

  static Set<StoreBuilder<?>> all(StoreKind kind, Counts counts) {
    return Set.of(
        logged(kind.found(ADDRESSES, counts), Serdes.String()),
        logged(kind.ordered(ALARMS), Serdes.Bytes()),
        logged(kind.ordered(NETWORKS), Serdes.String()),
        inMemory(POSITIONS),
        inMemory(IN_FORCE),
        inMemory(TOTALS),
        inMemory(GUARD),
        inMemory(WATCH),
        BeforeCommit.builder(BEFORE_COMMIT));
  }

  static Table<String> named(StateStore store) {
    return typed(store);
  }

  static Table<Bytes> ordered(StateStore store) {
    return typed(store);
  }

  @SuppressWarnings("unchecked") // built above with these types
  private static <K> Table<K> typed(StateStore store) {
    return Table.of((KeyValueStore<K, byte[]>) store);
  }

  private static StoreBuilder<KeyValueStore<String, byte[]>> inMemory(String name) {
    return logged(Stores.inMemoryKeyValueStore(name), Serdes.String());
  }

  private static <K> StoreBuilder<KeyValueStore<K, byte[]>> logged(
      KeyValueBytesStoreSupplier supplier, Serde<K> keys) {
    return Stores.keyValueStoreBuilder(supplier, keys, Serdes.ByteArray());
  }
}
