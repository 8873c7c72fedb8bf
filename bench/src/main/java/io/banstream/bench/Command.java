package io.banstream.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A process whose lines are read as they come. */
final class Command implements AutoCloseable {
  /** A line of jcmd's: {@code - Java Heap (reserved=65536KB, committed=16128KB)}. */
  private static final Pattern CATEGORY =
      Pattern.compile("^-\\s+(.+) \\(reserved=\\d+KB, committed=(\\d+)KB");

  private static final int QUIET_SECONDS = 3;
  private static final long IDLE_TICKS = 8;

  private final Process process;
  private final BufferedReader out;

  private Command(Process process) {
    this.process = process;
    this.out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** {@code ./banstream}, as it is shipped: its own memory settings. */
  static Command banstream(List<String> prefix, String... args) throws IOException {
    return banstream(prefix, Map.of(), args);
  }

  static Command banstream(List<String> prefix, Map<String, String> environment, String... args)
      throws IOException {
    List<String> words = new ArrayList<>(prefix);
    words.add(root("banstream"));
    words.addAll(Arrays.asList(args));
    return start(words, environment);
  }

  /** Another main class of this program. */
  static Command java(List<String> prefix, Class<?> main, String... args) throws IOException {
    return java(prefix, List.of(), main, args);
  }

  /**
   * @param options of the JVM
   */
  static Command java(List<String> prefix, List<String> options, Class<?> main, String... args)
      throws IOException {
    List<String> words = new ArrayList<>(prefix);
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(options);
    words.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    words.addAll(Arrays.asList(args));
    return start(words, Map.of());
  }

  /**
   * What {@code ./banstream} gives to an agent's Java, but for the archive of its classes.
   *
   * @param role the agent's module
   */
  static List<String> agentOptions(String role) throws IOException {
    String script = ". \"$0\"; role=$1; find_options; echo -XX:+UseSerialGC $options";
    Process shell = new ProcessBuilder("sh", "-c", script, root("deploy/agent.sh"), role).start();
    try (BufferedReader out = shell.inputReader(StandardCharsets.UTF_8)) {
      return List.of(out.readLine().split(" ", -1));
    }
  }

  private static String root(String file) {
    return Path.of(System.getProperty("banstream.root", "."), file).toString();
  }

  /** Java itself, with these words. */
  static Command java(List<String> words) throws IOException {
    List<String> all = new ArrayList<>();
    all.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    all.addAll(words);
    // as ./banstream gives it to the agents
    return start(all, Map.of("MALLOC_ARENA_MAX", "1", "MALLOC_TRIM_THRESHOLD_", "65536"));
  }

  private static Command start(List<String> words, Map<String, String> environment)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(words).redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().putAll(environment);
    return new Command(builder.start());
  }

  /** The next line that begins so; what comes before it is passed over. */
  String await(String beginning) throws IOException {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith(beginning)) {
        return line;
      }
    }
    throw new IllegalStateException("ended before '" + beginning + "'");
  }

  /** Reads on to its end. */
  void end() throws IOException {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      // what it says is of no interest
    }
  }

  /** Reads on in a thread of its own: what it says is of no interest, and must not hold it up. */
  void drain() {
    Thread reader =
        new Thread(
            () -> {
              try {
                end();
              } catch (IOException e) {
                // it has ended
              }
            },
            "drain");
    reader.setDaemon(true);
    reader.start();
  }

  /** Waits until it has next to nothing to do any more. */
  void settle() throws IOException {
    long quiet = 0;
    for (long before = ticks(); quiet < QUIET_SECONDS; ) {
      LockSupport.parkNanos(1_000_000_000);
      long now = ticks();
      quiet = now - before <= IDLE_TICKS ? quiet + 1 : 0;
      before = now;
    }
  }

  /** Processor time so far, in hundredths of a second. */
  private long ticks() throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
  }

  /** The options that its Java was given, but for sharing and the class path. */
  List<String> javaOptions() throws IOException {
    String line = Files.readString(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
    return Arrays.stream(line.split("\0", -1))
        .skip(1)
        .takeWhile(word -> !word.equals("-cp"))
        .filter(word -> !word.matches("-XX:(SharedArchiveFile|DumpLoadedClassList)=.*"))
        .toList();
  }

  void tell(String line) throws IOException {
    OutputStream in = process.getOutputStream();
    in.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    in.flush();
  }

  /**
   * What the JVM committed, by its own account: KiB by category. Needs {@code
   * -XX:NativeMemoryTracking=summary}.
   */
  Map<String, Long> nativeMemory() throws IOException {
    String pid = Long.toString(process.pid());
    Process jcmd =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                pid,
                "VM.native_memory",
                "summary")
            .start();
    Map<String, Long> committed = new LinkedHashMap<>();
    try (BufferedReader lines = jcmd.inputReader(StandardCharsets.UTF_8)) {
      lines
          .lines()
          .map(CATEGORY::matcher)
          .filter(Matcher::find)
          .forEach(m -> committed.put(m.group(1), Long.parseLong(m.group(2))));
    }
    return committed;
  }

  /** A field of /proc/PID/status, in KiB. */
  long status(String field) throws IOException {
    return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
        .filter(line -> line.startsWith(field + ":"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst()
        .orElseThrow();
  }

  /** As {@code kill -9}. */
  void kill() {
    process.destroyForcibly();
    process.onExit().join();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
