package io.banstream.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.banstream.schemas.Address;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlarmBookTest {
  private static final Address ONE = Address.parse("192.0.2.1");
  private static final Address OTHER = Address.parse("2001:db8::1");

  private final Table<Bytes> store = Table.inHeap();

  @Test
  void ringsTheEarliestFirstAndEachOnce() {
    AlarmBook book = new AlarmBook(store);
    book.set(OTHER, 70_000);
    book.set(ONE, 10_000);
    assertThat(ring(book, 9_999)).isEmpty();
    assertThat(ring(book, 80_000)).containsExactly("192.0.2.1 10000", "2001:db8::1 70000");
    assertThat(ring(book, 90_000)).isEmpty();
  }

  @Test
  void ringsAtMostAsManyAsAskedFor() {
    AlarmBook book = new AlarmBook(store);
    book.set(ONE, 10_000);
    book.set(OTHER, 10_000);
    assertThat(book.ring(10_000, 1)).hasSize(1);
    assertThat(book.ring(10_000, 1)).hasSize(1);
    assertThat(book.ring(10_000, 1)).isEmpty();
  }

  @Test
  void leavesNothingInTheStoreOfWhatHasRung() {
    AlarmBook book = new AlarmBook(store);
    book.set(ONE, 10_000);
    book.save();
    book.set(OTHER, 10_001);
    book.save();
    ring(book, 20_000);
    book.save();
    List<Bytes> left = new ArrayList<>();
    store.scan((key, value) -> left.add(key));
    assertThat(left).as("the highest serial").hasSize(1);
  }

  @Test
  void ringsWhatAnEarlierVersionHasStored() {
    byte[] address = "192.0.2.1".getBytes(StandardCharsets.UTF_8);
    byte[] key = ByteBuffer.allocate(8 + address.length).putLong(12_345).put(address).array();
    store.put(Bytes.wrap(key), new byte[0]);
    AlarmBook book = new AlarmBook(store);
    assertThat(ring(book, 12_344)).isEmpty();
    assertThat(ring(book, 12_345)).containsExactly("192.0.2.1 12345");
  }

  /** What stands is one alarm an address, as in its state; what was not saved is lost with it. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void ringsWhatStandsThroughRestartsAndCrashes(int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Map<Address, Long> stands = new HashMap<>();
    Map<Address, Long> saved = Map.of();
    Map<Bytes, byte[]> savedStore = Map.of();
    AlarmBook book = new AlarmBook(store);
    long now = 1_000_000;
    for (int step = 0; step < 20_000; step++) {
      switch (random.nextInt(20)) {
        case 0 -> {
          book.save();
          saved = Map.copyOf(stands);
          savedStore = copy(store);
        }
        case 1 -> {
          now += random.nextInt(random.nextInt(8) == 0 ? 1_000_000 : 4_000);
          assertThat(heard(book, now, stands, 1 + random.nextInt(5))).isEqualTo(due(stands, now));
          long until = now;
          stands.values().removeIf(time -> time <= until);
        }
        case 2 -> {
          if (random.nextInt(10) == 0) {
            restore(store, savedStore);
            stands = new HashMap<>(saved);
            book = new AlarmBook(store);
          }
        }
        default -> {
          Address address = Address.parse("10.0.0." + random.nextInt(200));
          long time = now + 1 + random.nextInt(random.nextInt(4) == 0 ? 600_000 : 20_000);
          stands.put(address, time);
          book.set(address, time);
        }
      }
    }
  }

  private static List<String> heard(
      AlarmBook book, long append, Map<Address, Long> stands, int most) {
    List<String> heard = new ArrayList<>();
    List<AlarmBook.Alarm> rung;
    Map<Address, Long> left = new HashMap<>(stands);
    do {
      rung = book.ring(append, most);
      for (AlarmBook.Alarm alarm : rung) {
        if (left.remove(alarm.address(), alarm.time())) {
          heard.add(alarm.address() + " " + alarm.time());
        }
      }
    } while (rung.size() == most);
    return heard;
  }

  private static List<String> due(Map<Address, Long> stands, long append) {
    return stands.entrySet().stream()
        .filter(e -> e.getValue() <= append)
        .sorted(Map.Entry.<Address, Long>comparingByValue().thenComparing(Map.Entry::getKey))
        .map(e -> e.getKey() + " " + e.getValue())
        .toList();
  }

  private static Map<Bytes, byte[]> copy(Table<Bytes> from) {
    Map<Bytes, byte[]> entries = new HashMap<>();
    from.scan((key, value) -> entries.put(key, value) == null);
    return entries;
  }

  private static void restore(Table<Bytes> to, Map<Bytes, byte[]> entries) {
    copy(to).keySet().forEach(to::delete);
    entries.forEach(to::put);
  }

  private static List<String> ring(AlarmBook book, long append) {
    return book.ring(append, 100).stream().map(a -> a.address() + " " + a.time()).toList();
  }
}
