package io.banstream.jails;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Runs lines of the shell, with nothing to read, their words unheard, nothing of this process's
 * environment but PATH, and an end set to them.
 *
 * @param prefix words put before every command: none, or {@code ip netns exec NAME}
 * @param limit how long one may take, in whole seconds
 */
public record ShellCommand(List<String> prefix, Duration limit) {
  /** How a line that took too long has ended. */
  public static final int KILLED = 137;

  /** Where an administrator's tools are, also where PATH does not say so. */
  private static final String SBIN = "/usr/local/sbin:/usr/sbin:/sbin";

  public ShellCommand {
    prefix = List.copyOf(prefix);
  }

  /**
   * @return how it ended; {@link #KILLED} if it took too long, it and what it started being killed
   *     then
   * @throws IOException if it can't be run
   * @throws InterruptedException if the thread is interrupted; it is killed
   */
  public int run(String line) throws IOException, InterruptedException {
    // timeout(1) is a process group's leader: what the line started ends with it.
    List<String> words = new ArrayList<>(prefix);
    words.addAll(List.of("timeout", "-s", "KILL", Long.toString(limit.toSeconds())));
    words.addAll(List.of("sh", "-c", line));
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .redirectInput(Redirect.from(new File("/dev/null")))
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.DISCARD);
    builder.environment().keySet().retainAll(Set.of("PATH"));
    builder.environment().merge("PATH", SBIN, (path, sbin) -> path + ":" + sbin);
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
