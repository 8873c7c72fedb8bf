package io.banstream.processor;

import org.apache.kafka.streams.state.KeyValueBytesStoreSupplier;
import org.apache.kafka.streams.state.Stores;

/** Where the state that grows with the addresses is kept; its changelog is in Kafka either way. */
public enum StoreKind {
  /** RocksDB: bounded memory, and a restart on the same disk reads nothing anew. */
  DISK,
  /** The Java heap: faster, read anew from the changelog at each start. */
  MEMORY;

  /**
   * @throws IllegalArgumentException if it is neither {@code disk} nor {@code memory}
   */
  public static StoreKind parse(String text) {
    return switch (text) {
      case "disk" -> DISK;
      case "memory" -> MEMORY;
      default ->
          throw new IllegalArgumentException("stores = '" + text + "', expected disk or memory");
    };
  }

  /** What finds by key. */
  KeyValueBytesStoreSupplier found(String name, Counts counts) {
    return this == DISK
        ? Stores.persistentKeyValueStore(name)
        : HashedStore.supplier(name, counts.addresses());
  }

  /** What is read in the order of its keys. */
  KeyValueBytesStoreSupplier ordered(String name) {
    return this == DISK ? Stores.persistentKeyValueStore(name) : Stores.inMemoryKeyValueStore(name);
  }
}
