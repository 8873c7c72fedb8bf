package io.banstream.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ShrinkTest {
  @Test
  void leavesOnlyWhatIsNeededToFail() {
    List<Integer> all = IntStream.range(0, 1000).boxed().toList();
    assertThat(Shrink.failing(all, l -> l.contains(17) && l.contains(800) && l.contains(801)))
        .containsExactly(17, 800, 801);
  }

  @Test
  void anEmptyListThatFailsIsTheShortest() {
    assertThat(Shrink.failing(List.of(1, 2, 3), l -> true)).isEmpty();
  }
}
