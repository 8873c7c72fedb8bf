package io.banstream.processor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class AttemptRingTest {
  private static byte[] record(Random random, int most) {
    byte[] bytes = new byte[random.nextInt(most)];
    random.nextBytes(bytes);
    return bytes;
  }

  @Test
  void whatItHasIsAsItCameAndTheNewestAreAlwaysThere() {
    for (int seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      int capacity = 1_000 + random.nextInt(3_000);
      int most = 1 + random.nextInt(900);
      AttemptRing ring = new AttemptRing(capacity);
      TreeMap<Long, byte[]> all = new TreeMap<>();
      long offset = random.nextInt(10);
      for (int i = 0; i < 300; i++) {
        offset += 1 + random.nextInt(3);
        byte[] value = record(random, most);
        ring.put(offset, value);
        all.put(offset, value);
        int room = capacity - most; // what the turn at the end of the block may leave unused
        int places = capacity / 256;
        for (Map.Entry<Long, byte[]> entry : all.descendingMap().entrySet()) {
          room -= entry.getValue().length;
          if (room >= 0 && places-- > 0) {
            assertThat(ring.get(entry.getKey())).contains(entry.getValue());
          } else {
            ring.get(entry.getKey()).ifPresent(v -> assertThat(v).isEqualTo(entry.getValue()));
          }
        }
        assertThat(ring.get(offset + 1)).isEmpty();
      }
    }
  }

  @Test
  void offsetsThatBeginAnewLeaveNothingOld() {
    AttemptRing ring = new AttemptRing(1_000);
    ring.put(7, new byte[] {1});
    ring.put(9, new byte[] {2});
    ring.put(3, new byte[] {3});
    assertThat(ring.get(3)).contains(new byte[] {3});
    assertThat(ring.get(7)).isEmpty();
    assertThat(ring.get(9)).isEmpty();
  }

  @Test
  void whatIsLargerThanItIsPassedOver() {
    AttemptRing ring = new AttemptRing(10);
    ring.put(1, new byte[10]);
    ring.put(2, new byte[11]);
    assertThat(ring.get(1)).isPresent();
    assertThat(ring.get(2)).isEmpty();
  }
}
