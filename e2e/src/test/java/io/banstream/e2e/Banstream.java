package io.banstream.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A {@code banstream} command as a process of its own, as an administrator runs it. */
final class Banstream implements AutoCloseable {
  /** Longer than a busy machine ever takes; nothing waits for it that goes well. */
  static final Duration LIMIT = Duration.ofSeconds(120);

  private final Process process;
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Thread reader;

  private Banstream(Process process) {
    this.process = process;
    this.reader = new Thread(this::read, "banstream-" + process.pid());
    reader.setDaemon(true);
    reader.start();
  }

  /** Runs {@code banstream} with {@code args} on this host. */
  static Banstream start(String... args) {
    return start(List.of(), Map.of(), args);
  }

  /**
   * @param prefix words put before the command, as {@code ip netns exec relay1}
   * @param environment added to this process's own
   */
  static Banstream start(List<String> prefix, Map<String, String> environment, String... args) {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add("io.banstream.standalone.Main");
    command.addAll(Arrays.asList(args));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    try {
      return new Banstream(builder.start());
    } catch (IOException e) {
      throw new IllegalStateException(command + ": " + e.getMessage(), e);
    }
  }

  /** Runs to its end; fails where it does not exit with 0. What it printed comes back. */
  static String run(List<String> prefix, Map<String, String> environment, String... args) {
    try (Banstream command = start(prefix, environment, args)) {
      int exit = command.awaitExit();
      if (exit != 0) {
        throw new AssertionError(
            Arrays.toString(args) + " exited " + exit + ": " + command.output());
      }
      return command.output();
    }
  }

  private void read() {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        lines.add(line);
      }
    } catch (IOException e) {
      lines.add("(output ended: " + e.getMessage() + ")");
    }
  }

  long pid() {
    return process.pid();
  }

  /** Everything printed up to now, both outputs together. */
  String output() {
    return String.join("\n", lines);
  }

  /**
   * Waits for a line that holds {@code part}; fails, with the output, if the process ends first.
   */
  String awaitLine(String part) {
    return awaitLine(part, 1);
  }

  /** Waits for the {@code nth} line that holds {@code part}. */
  String awaitLine(String part, int nth) {
    await("'" + part + "' of\n" + output())
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> find(part, nth).isPresent() || !process.isAlive() && !reader.isAlive());
    return find(part, nth)
        .orElseThrow(() -> new AssertionError("ended without '" + part + "':\n" + output()));
  }

  private Optional<String> find(String part, int nth) {
    return lines.stream().filter(line -> line.contains(part)).skip(nth - 1L).findFirst();
  }

  /** As {@code kill -9}, and gone when this returns. */
  void kill() {
    process.destroyForcibly();
    awaitExit();
  }

  int awaitExit() {
    try {
      if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw new AssertionError("does not end:\n" + output());
      }
      reader.join();
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Ends it in order (SIGTERM); what it prints then is read, too. */
  @Override
  public void close() {
    process.toHandle().destroy(); // the process's own would close its output
    awaitExit();
  }
}
