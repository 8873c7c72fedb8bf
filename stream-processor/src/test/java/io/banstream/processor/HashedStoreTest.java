package io.banstream.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.junit.jupiter.api.Test;

class HashedStoreTest {
  private final LongAdder size = new LongAdder();
  private final KeyValueStore<Bytes, byte[]> store = HashedStore.supplier("some", size).get();

  @Test
  void givesAllInTheOrderOfTheirKeys() {
    List.of("b", "d", "a", "c").forEach(this::put);
    assertThat(keys(store.all())).containsExactly("a", "b", "c", "d");
    assertThat(keys(store.range(key("b"), key("c")))).containsExactly("b", "c");
    assertThat(keys(store.range(null, key("b")))).containsExactly("a", "b");
    assertThat(keys(store.range(key("c"), null))).containsExactly("c", "d");
  }

  @Test
  void countsWhatItHolds() {
    List.of("a", "b", "c", "a").forEach(this::put);
    assertThat(store.delete(key("b"))).isEqualTo(value("b"));
    store.put(key("c"), null);
    assertThat(store.delete(key("b"))).isNull();
    store.putAll(List.of(KeyValue.pair(key("d"), value("d"))));
    assertThat(store.putIfAbsent(key("d"), value("other"))).isEqualTo(value("d"));
    assertThat(store.get(key("d"))).isEqualTo(value("d"));
    assertThat(size.sum()).isEqualTo(2).isEqualTo(store.approximateNumEntries());
    store.close();
    assertThat(size.sum()).isZero();
  }

  private void put(String name) {
    store.put(key(name), value(name));
  }

  private static List<String> keys(KeyValueIterator<Bytes, byte[]> entries) {
    List<String> keys = new ArrayList<>();
    entries.forEachRemaining(e -> keys.add(e.key.toString()));
    return keys;
  }

  private static Bytes key(String name) {
    return Bytes.wrap(value(name));
  }

  private static byte[] value(String name) {
    return name.getBytes(StandardCharsets.UTF_8);
  }
}
