package io.banstream.jails;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of a command that does not end, nothing is left. */
class ShellCommandIT {
  private static final Duration LONG = Duration.ofSeconds(60);

  private static final ShellCommand SHELL = new ShellCommand(List.of(), Duration.ofSeconds(5));

  @TempDir Path folder;

  /** Two processes that tell their ids. */
  private String endless() {
    return "sh -c 'echo $$; exec sleep 600' >>%1$s & echo $$ >>%1$s; wait".formatted(pids());
  }

  private Path pids() {
    return folder.resolve("pids");
  }

  private void assertNothingRuns() {
    await()
        .atMost(LONG)
        .untilAsserted(
            () -> {
              List<String> pids = Files.readAllLines(pids());
              assertThat(pids).hasSize(2);
              assertThat(pids).noneMatch(pid -> isAlive(Long.parseLong(pid)));
            });
  }

  private static boolean isAlive(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  @Test
  void itIsKilledAtItsLimit() throws Exception {
    assertThat(SHELL.run(endless())).isEqualTo(ShellCommand.KILLED);
    assertNothingRuns();
  }

  @Test
  void itIsKilledWhenItsThreadIsInterrupted() throws Exception {
    Thread thread =
        new Thread(
            () ->
                assertThatThrownBy(() -> SHELL.run(endless()))
                    .isInstanceOf(InterruptedException.class));
    thread.start();
    await()
        .atMost(LONG)
        .until(() -> Files.exists(pids()) && Files.readAllLines(pids()).size() == 2);
    thread.interrupt();
    assertNothingRuns();
  }
}
