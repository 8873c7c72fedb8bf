package io.banstream.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What work took of one core, in seconds of processor time: what else runs on the machine counts
 * less than it would by the clock.
 *
 * @param found how much the work found
 */
record CpuTime(double seconds, long found) {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /** Work that tells how much it found. */
  interface Work {
    long run() throws IOException;
  }

  /** This thread's. */
  static CpuTime of(Work work) throws IOException {
    long start = THREADS.getCurrentThreadCpuTime();
    long found = work.run();
    return new CpuTime((THREADS.getCurrentThreadCpuTime() - start) / 1e9, found);
  }

  /**
   * A process's, its start included, user and system time together, as bash's {@code time} tells.
   *
   * @param number finds in its output how much it found
   */
  static CpuTime of(Pattern number, String... words) throws IOException {
    List<String> command =
        new ArrayList<>(List.of("bash", "-c", "TIMEFORMAT='%U %S'; time \"$@\" 2>&1", "bash"));
    command.addAll(Arrays.asList(words));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    List<String> lines = out.strip().lines().filter(line -> !line.isBlank()).toList();
    String[] times = lines.get(lines.size() - 1).split(" ");
    Matcher found = number.matcher(out);
    return new CpuTime(
        Double.parseDouble(times[0]) + Double.parseDouble(times[1]),
        found.find() ? Long.parseLong(found.group(1)) : 0);
  }
}
