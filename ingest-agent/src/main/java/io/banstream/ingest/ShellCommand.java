package io.banstream.ingest;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.Map;
import java.util.Set;

/** A line of the shell, run with nothing to read, its words unheard, and an end set to it. */
final class ShellCommand {
  /** Seconds. A log's reading waits for the answer, at most so long. */
  private static final String LONGEST = "10";

  private ShellCommand() {}

  /**
   * @return how it ended; 137 if it took over 10 s, it and what it started being killed then
   * @throws IOException if it can't be run
   * @throws InterruptedException if the thread is interrupted; it is killed
   */
  static int run(String line) throws IOException, InterruptedException {
    // timeout(1) is a process group's leader: what the line started ends with it.
    ProcessBuilder builder =
        new ProcessBuilder("timeout", "-s", "KILL", LONGEST, "sh", "-c", line)
            .redirectInput(Redirect.from(new File("/dev/null")))
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.DISCARD);
    Map<String, String> environment = builder.environment();
    environment.keySet().retainAll(Set.of("PATH"));
    Process process = builder.start();
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      throw e;
    }
  }
}
