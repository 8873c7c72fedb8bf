package io.banstream.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class HostRatesTest {
  private final Table<String> store = Table.inHeap();
  private HostRates rates = new HostRates(store);

  @Test
  void aHostHasNoUsualBeforeAnHour() {
    Instant time = Driven.NOON;
    for (int i = 0; i < 6; i++) {
      assertThat(rates.add("relay1", time, 1).most()).isEmpty();
      time = time.plus(HostRates.SPAN);
    }
    assertThat(rates.add("relay1", time, 1).most()).hasValue(1_000);
    assertThat(rates.add("relay2", time, 1).most()).isEmpty();
  }

  @Test
  void aHundredTimesTheUsualIsAFlood() {
    Instant time = Driven.NOON;
    for (int i = 0; i < 144; i++) {
      for (int n = 0; n < 20; n++) {
        rates.add("relay1", time, 1);
      }
      time = time.plus(HostRates.SPAN);
    }
    for (int n = 0; n < 2_000; n++) {
      assertThat(rates.add("relay1", time, 1).isFlood()).isFalse();
    }
    assertThat(rates.add("relay1", time, 1).isFlood()).isTrue();
  }

  @Test
  void eachTaskHasItsPartOfTheLeast() {
    Instant time = Driven.NOON;
    rates.add("relay1", time, 64);
    assertThat(rates.add("relay1", time.plus(Duration.ofHours(2)), 64).most()).hasValue(15);
  }

  /** Against the plainest count of all times; saved and read anew now and then. */
  @Test
  void countsAsAPlainCountDoes() {
    for (long seed = 1; seed <= 20; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      String host = "relay" + seed;
      List<Long> spans = new ArrayList<>();
      long time = Driven.NOON.toEpochMilli();
      for (int i = 0; i < 4_000; i++) {
        int bound = random.nextInt(500) == 0 ? 100_000_000 : 200_000;
        time += random.nextInt(bound);
        long span = time / HostRates.SPAN.toMillis();
        spans.add(span);
        HostRates.Sent sent = rates.add(host, Instant.ofEpochMilli(time), 100);

        assertThat(sent.counted()).isEqualTo((int) spans.stream().filter(s -> s == span).count());
        long known = Math.min(144, span - spans.get(0));
        long before = spans.stream().filter(s -> s < span && s >= span - 144).count();
        OptionalInt most =
            known < 6
                ? OptionalInt.empty()
                : OptionalInt.of((int) Math.max(10, 100.0 * ((double) before / known)));
        assertThat(sent.most()).as("seed %d, failure %d", seed, i).isEqualTo(most);
        if (random.nextInt(50) == 0) {
          rates.save();
          rates = new HostRates(store);
        }
      }
    }
  }

  @Test
  void forgetsWhatIsSilentForADay() {
    rates.add("relay1", Driven.NOON, 1);
    rates.save();
    rates.forget(Driven.NOON.plus(Duration.ofHours(23)));
    assertThat(keys()).containsExactly("rate relay1");
    rates.forget(Driven.NOON.plus(Duration.ofHours(25)));
    assertThat(keys()).isEmpty();
  }

  private List<String> keys() {
    List<String> keys = new ArrayList<>();
    store.scan((key, value) -> keys.add(key));
    return keys;
  }
}
