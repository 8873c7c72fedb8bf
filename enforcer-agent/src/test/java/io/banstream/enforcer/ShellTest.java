package io.banstream.enforcer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShellTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** Has commands run that read all before they print, as many as are named, at the same time. */
  static final class Readers {
    private Readers() {}

    public static void main(String[] args) throws Exception {
      Shell shell = new Shell(List.of(), Duration.ofSeconds(20));
      List<Thread> threads =
          IntStream.range(0, Integer.parseInt(args[0]))
              .mapToObj(i -> new Thread(() -> System.out.print(shell.require(List.of("cat"), "x"))))
              .toList();
      threads.forEach(Thread::start);
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void aCommandIsFedHoweverFewProcessorsThereAre(int processors) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String said =
        new Shell(List.of(), LIMIT)
            .require(
                List.of(
                    java,
                    "-XX:ActiveProcessorCount=" + processors,
                    "-cp",
                    System.getProperty("java.class.path"),
                    Readers.class.getName(),
                    "4"),
                "");
    assertThat(said).isEqualTo("xxxx");
  }

  @Test
  void neitherALongInputNorALongOutputFillsAPipeForGood() {
    String text = "x".repeat(1 << 20);
    Shell shell = new Shell(List.of(), LIMIT);
    assertThat(shell.require(List.of("cat"), text)).isEqualTo(text);
    Shell.Result refused = shell.run(List.of("sh", "-c", "cat >&2; exit 3"), text);
    assertThat(refused.exit()).isEqualTo(3);
    assertThat(refused.err()).isEqualTo(text);
    assertThat(shell.run(List.of("true"), text).succeeded()).as("reads nothing").isTrue();
  }
}
