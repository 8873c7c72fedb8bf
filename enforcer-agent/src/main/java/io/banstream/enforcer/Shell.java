package io.banstream.enforcer;

import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs commands, as words and never through a shell's line, behind a prefix, with a time limit. */
final class Shell {
  /**
   * What a command gave.
   *
   * @param exit its exit code
   */
  record Result(int exit, String out, String err) {
    boolean succeeded() {
      return exit == 0;
    }

    /** What went wrong, in the tool's words and in one line. */
    String words() {
      String text = err.isBlank() ? out : err;
      String line = String.join("; ", text.lines().filter(l -> !l.isBlank()).limit(3).toList());
      return line.isEmpty() ? "exit code " + exit : line;
    }
  }

  /** Where an administrator's tools are, also where PATH does not say so. */
  private static final String SBIN = "/usr/local/sbin:/usr/sbin:/sbin";

  /** One each: in the JVM's own pool those who wait for a command keep out who feeds it. */
  private static final Executor THREADS = task -> daemon(task).start();

  private final List<String> prefix;
  private final Duration limit;

  Shell(List<String> prefix, Duration limit) {
    this.prefix = List.copyOf(prefix);
    this.limit = limit;
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "command");
    thread.setDaemon(true);
    return thread;
  }

  /** Starts a command whose outputs come as one. */
  Process start(List<String> words) {
    try {
      return builder(words).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw notStarted(words, e);
    }
  }

  /** What a command reads, given as it takes it. */
  interface Input {
    void to(Writer in) throws IOException;
  }

  /** Takes what a command prints, as it comes. */
  interface Output {
    void from(InputStream out) throws IOException;
  }

  /**
   * Runs a command to its end.
   *
   * @throws FirewallException if it is not installed, or has not ended in time
   */
  Result run(List<String> words, String input) {
    return run(words, in -> in.write(input));
  }

  /** As {@link #run(List, String)}, for what is too long to be one text. */
  Result run(List<String> words, Input input) {
    StringBuilder out = new StringBuilder();
    Result result = run(words, input, stream -> out.append(text(stream)));
    return new Result(result.exit(), out.toString(), result.err());
  }

  /**
   * As {@link #run(List, String)} of a command that reads nothing.
   *
   * @param output its {@link FirewallException} is raised here
   * @return without what was printed
   */
  Result read(List<String> words, Output output) {
    return run(words, in -> {}, output);
  }

  private Result run(List<String> words, Input input, Output output) {
    Process process;
    try {
      process = builder(words).start();
    } catch (IOException e) {
      throw notStarted(words, e);
    }
    try {
      var out = CompletableFuture.runAsync(() -> read(process.getInputStream(), output), THREADS);
      var err = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()), THREADS);
      var in = CompletableFuture.runAsync(() -> write(process.getOutputStream(), input), THREADS);
      if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new TimeoutException();
      }
      long grace = limit.toMillis();
      in.get(grace, TimeUnit.MILLISECONDS);
      out.get(grace, TimeUnit.MILLISECONDS);
      Result result = new Result(process.exitValue(), "", err.get(grace, TimeUnit.MILLISECONDS));
      if (!result.succeeded() && result.err().contains("exec of \"" + words.get(0) + "\" failed")) {
        throw new FirewallException(words.get(0) + " not installed");
      }
      return result;
    } catch (TimeoutException e) {
      throw new FirewallException(
          String.join(" ", words) + ": no answer within " + limit.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof FirewallException misread
          ? misread
          : new FirewallException(String.join(" ", words) + ": " + e.getCause().getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FirewallException(String.join(" ", words) + ": interrupted", e);
    } finally {
      process.destroyForcibly();
    }
  }

  /** As {@link #run}, but anything else than success raises {@link FirewallException}. */
  String require(List<String> words, String input) {
    Result result = run(words, input);
    if (!result.succeeded()) {
      throw new FirewallException(String.join(" ", words) + ": " + result.words());
    }
    return result.out();
  }

  private ProcessBuilder builder(List<String> words) {
    List<String> all = new ArrayList<>(prefix);
    all.addAll(words);
    String path = System.getenv().getOrDefault("PATH", "/usr/bin:/bin") + ":" + SBIN;
    all.set(0, find(all.get(0), path));
    ProcessBuilder builder = new ProcessBuilder(all);
    builder.environment().put("PATH", path);
    builder.environment().put("LC_ALL", "C");
    return builder;
  }

  private static String find(String tool, String path) {
    for (String folder : path.split(":")) {
      Path candidate = Path.of(folder.isEmpty() ? "." : folder, tool);
      if (tool.indexOf(File.separatorChar) < 0 && Files.isExecutable(candidate)) {
        return candidate.toString();
      }
    }
    return tool;
  }

  private FirewallException notStarted(List<String> words, IOException e) {
    String tool = prefix.isEmpty() ? words.get(0) : prefix.get(0);
    boolean missing = e.getMessage().contains("error=2,");
    return new FirewallException(
        missing ? tool + " not installed" : "no right to call " + tool + ": " + e.getMessage(), e);
  }

  private static void read(InputStream stream, Output output) {
    try (stream) {
      output.from(stream);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(InputStream stream) {
    try (stream) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A command that ends before it has read all says so by its exit code. */
  private static void write(OutputStream stream, Input input) {
    try (Writer in = new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8))) {
      input.to(in);
    } catch (IOException e) {
      // Its exit code and its words tell more than a broken pipe does.
    }
  }
}
