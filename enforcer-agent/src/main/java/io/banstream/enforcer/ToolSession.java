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
 * A long-lived {@code ipset -} or {@code nft -i}, which has each line in the kernel at once and
 * gives no exit code a line. Its prompt is of no use here: on a pipe ipset keeps it back until its
 * end, and nft has none. Errors come at once, so after each line it is asked for an error that
 * quotes a number: whatever comes before that is the line's own error, and nothing before it means
 * that the line is in the kernel.
 *
 * <p>Not thread-safe.
 */
final class ToolSession implements AutoCloseable {
  private static final long ANSWER_SECONDS = 10;

  /** Above every timeout that ipset takes. */
  private static final long FIRST_MARK = 5_000_000_000L;

  private static final String END = "";

  /**
   * The line that a tool must refuse, before it asks the kernel.
   *
   * @param line with {@code %d} for the number
   * @param quoted what the tool then says, with {@code %d}
   * @param before how many lines of its own complaint come before that
   */
  private record Mark(String line, String quoted, int before) {}

  private final String tool;
  private final Mark mark;
  private final Process process;
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private long next = FIRST_MARK;

  private ToolSession(Shell shell, List<String> words, Mark mark) {
    this.tool = words.get(0);
    this.mark = mark;
    this.process = shell.start(words);
    Thread reader = new Thread(this::read, tool + "-answers");
    reader.setDaemon(true);
    reader.start();
  }

  static ToolSession ipset(Shell shell, Tools tools) {
    String line = "create " + Names.SWAP_SET + " hash:net timeout %d";
    return new ToolSession(shell, List.of(tools.ipset(), "-"), new Mark(line, "'%d'", 0));
  }

  static ToolSession nft(Shell shell, Tools tools) {
    return new ToolSession(shell, List.of(tools.nft(), "-i"), new Mark("mark%d", "mark%d", 1));
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
   * @return for each line what the tool has against it; empty: it is in the kernel
   * @throws FirewallException if the tool ends or stays silent: how far it came is not known
   */
  List<Optional<String>> send(List<String> lines) {
    StringBuilder text = new StringBuilder();
    long first = next;
    for (String line : lines) {
      text.append(line).append('\n').append(mark.line.formatted(next++)).append('\n');
    }
    write(text.toString());
    List<Optional<String>> errors = new ArrayList<>(lines.size());
    for (long number = first; number < next; number++) {
      errors.add(answer(mark.quoted.formatted(number)));
    }
    return errors;
  }

  private Optional<String> answer(String quoted) {
    List<String> said = new ArrayList<>();
    while (true) {
      String line = take();
      if (line.contains(quoted)) {
        return said.size() > mark.before ? Optional.of(said.get(0)) : Optional.empty();
      }
      if (line.equals(END)) {
        throw new FirewallException(tool + " ended" + (said.isEmpty() ? "" : ": " + said.get(0)));
      }
      if (!line.matches("\\s*\\^+\\s*")) { // nft shows the place
        said.add(line);
      }
    }
  }

  private String take() {
    try {
      String line = answers.poll(ANSWER_SECONDS, TimeUnit.SECONDS);
      if (line == null) {
        throw new FirewallException(tool + ": no answer within " + ANSWER_SECONDS + " s");
      }
      return line;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FirewallException(tool + ": interrupted", e);
    }
  }

  private void write(String text) {
    OutputStream in = process.getOutputStream();
    try {
      in.write(text.getBytes(StandardCharsets.US_ASCII));
      in.flush();
    } catch (IOException e) {
      throw new FirewallException(tool + " ended: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    process.destroy();
  }
}
