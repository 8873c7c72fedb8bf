package io.banstream.processor;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** What is kept by key: a task's state store, or for a replay the heap. */
interface Table<K> {
  /** Null where there is nothing. */
  byte[] get(K key);

  void put(K key, byte[] value);

  void delete(K key);

  /** Gives every entry, in the order of the keys' bytes, for as long as {@code more} says so. */
  void scan(BiPredicate<K, byte[]> more);

  /** A store of Streams'. */
  static <K> Table<K> of(KeyValueStore<K, byte[]> store) {
    return new Table<>() {
      @Override
      public byte[] get(K key) {
        return store.get(key);
      }

      @Override
      public void put(K key, byte[] value) {
        store.put(key, value);
      }

      @Override
      public void delete(K key) {
        store.delete(key);
      }

      @Override
      public void scan(BiPredicate<K, byte[]> more) {
        try (KeyValueIterator<K, byte[]> entries = store.all()) {
          boolean wanted = true;
          while (wanted && entries.hasNext()) {
            var entry = entries.next();
            wanted = more.test(entry.key, entry.value);
          }
        }
      }
    };
  }

  /** A table in the heap; its keys' own order must be that of their bytes. */
  static <K extends Comparable<K>> Table<K> inHeap() {
    TreeMap<K, byte[]> entries = new TreeMap<>();
    return new Table<>() {
      @Override
      public byte[] get(K key) {
        return entries.get(key);
      }

      @Override
      public void put(K key, byte[] value) {
        entries.put(key, value);
      }

      @Override
      public void delete(K key) {
        entries.remove(key);
      }

      @Override
      public void scan(BiPredicate<K, byte[]> more) {
        for (Map.Entry<K, byte[]> entry : entries.entrySet()) {
          if (!more.test(entry.getKey(), entry.getValue())) {
            return;
          }
        }
      }
    };
  }
}
