package io.banstream.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ProgramTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  /** More than a pipe takes. */
  private static final byte[] LARGE = "a line\n".repeat(1 << 17).getBytes();

  private static String run(String line, byte[] input, Duration limit) throws Exception {
    return Program.run(List.of("sh", "-c", line), input, limit);
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void whoReadsNothingHasAnEndAllTheSame() {
    assertThatThrownBy(() -> run("exec sleep 600", LARGE, Duration.ofSeconds(1)))
        .isInstanceOf(IOException.class)
        .hasMessage("sh: no end within 1 s");
  }

  @Test
  void whatItReadsIsAllThereIsAndWhatItSaysIsCut() throws Exception {
    assertThat(run("wc -c", LARGE, LONG)).isEqualTo(LARGE.length + "\n");
    assertThat(run("cat", new byte[0], LONG)).isEmpty();
    assertThat(run("cat", LARGE, LONG)).hasSize(1 << 16);
  }
}
