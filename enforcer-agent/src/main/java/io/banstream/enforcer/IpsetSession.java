package io.banstream.enforcer;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A long-lived {@code ipset -}, which has each line in the kernel at once and gives no exit code a
 * line. Its prompt is of no use here: on a pipe ipset keeps it back until its end. Its errors come
 * at once, so after each line it is asked for an error that names a number: whatever comes before
 * that is the line's own error, and nothing before it means that the line is in the kernel.
 *
 * <p>Not thread-safe.
 */
final class IpsetSession implements AutoCloseable {
  private static final long ANSWER_SECONDS = 10;

  /** Above every timeout: ipset quotes it as out of range, before it asks the kernel. */
  private static final long FIRST_MARK = 5_000_000_000L;

  private static final String END = "";

  private final Process process;
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private long mark = FIRST_MARK;

  IpsetSession(Shell shell, Tools tools) {
    process = shell.start(List.of(tools.ipset(), "-"));
    Thread reader = new Thread(this::read, "ipset-answers");
    reader.setDaemon(true);
    reader.start();
  }

  private void read() {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (!line.isBlank()) {
          answers.add(line);
        }
      }
    } catch (IOException e) {
      // The end of the process: what it has not answered is not applied.
    } finally {
      answers.add(END);
    }
  }

  /**
   * Has the lines carried out.
   *
   * @return for each line what ipset has against it; empty: it is in the kernel
   * @throws FirewallException if ipset ends or stays silent: how far it came is not known
   */
  List<Optional<String>> send(List<String> lines) {
    StringBuilder text = new StringBuilder();
    long first = mark;
    for (String line : lines) {
      text.append(line).append('\n');
      text.append("create " + Names.SWAP_SET + " hash:net timeout ").append(mark++).append('\n');
    }
    write(text.toString());
    List<Optional<String>> errors = new ArrayList<>(lines.size());
    for (long number = first; number < mark; number++) {
      errors.add(answer("'" + number + "'"));
    }
    return errors;
  }

  private Optional<String> answer(String quoted) {
    Optional<String> error = Optional.empty();
    while (true) {
      String line = take();
      if (line.contains(quoted)) {
        return error;
      }
      if (line.equals(END)) {
        throw new FirewallException("ipset ended" + error.map(e -> ": " + e).orElse(""));
      }
      if (error.isEmpty()) {
        error = Optional.of(line);
      }
    }
  }

  private String take() {
    try {
      String line = answers.poll(ANSWER_SECONDS, TimeUnit.SECONDS);
      if (line == null) {
        throw new FirewallException("ipset: no answer within " + ANSWER_SECONDS + " s");
      }
      return line;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FirewallException("ipset: interrupted", e);
    }
  }

  private void write(String text) {
    OutputStream in = process.getOutputStream();
    try {
      in.write(text.getBytes(StandardCharsets.US_ASCII));
      in.flush();
    } catch (IOException e) {
      throw new FirewallException("ipset ended: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    process.destroy();
  }
}
