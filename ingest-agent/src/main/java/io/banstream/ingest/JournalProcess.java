package io.banstream.ingest;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/** A running journalctl. A thread waits for its lines, a few of which are held. */
final class JournalProcess implements Closeable {
  /** An entry whose JSON is longer is left out. */
  private static final int LONGEST = 1 << 18;

  private static final int HELD = 32;

  private final Process process;
  private final Runnable news;
  private final BlockingQueue<byte[]> lines = new ArrayBlockingQueue<>(HELD);
  private final Thread reader;
  private volatile boolean ended;
  private String complaint = "";

  /**
   * @param news called, in whichever thread, when there is a line or the end
   * @throws IOException if it can't be run
   */
  JournalProcess(List<String> command, Runnable news) throws IOException {
    this.news = news;
    this.process = new ProcessBuilder(command).start();
    process.getOutputStream().close();
    this.reader = new Thread(this::readLines, "ingest-journal");
    reader.setDaemon(true);
    reader.start();
  }

  private void readLines() {
    byte[] buf = new byte[1 << 14];
    ByteArrayOutputStream line = new ByteArrayOutputStream(1 << 12);
    try (InputStream out = process.getInputStream()) {
      for (int n = out.read(buf); n >= 0; n = out.read(buf)) {
        int from = 0;
        for (int i = 0; i < n; i++) {
          if (buf[i] == '\n') {
            add(line, buf, from, i);
            from = i + 1;
            if (line.size() < LONGEST) {
              lines.put(line.toByteArray());
              news.run();
            }
            line.reset();
          }
        }
        add(line, buf, from, n);
      }
    } catch (IOException e) {
      // it was closed
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    ended = true;
    news.run();
  }

  private static void add(ByteArrayOutputStream line, byte[] buf, int from, int to) {
    if (line.size() < LONGEST) {
      line.write(buf, from, Math.min(to - from, LONGEST - line.size()));
    }
  }

  /** The next line, if there is one now. */
  Optional<byte[]> poll() throws IOException {
    InputStream errors = process.getErrorStream();
    if (!ended && errors.available() > 0) {
      byte[] said = errors.readNBytes(errors.available());
      complaint = new String(said, StandardCharsets.UTF_8);
    }
    return Optional.ofNullable(lines.poll());
  }

  /** Whether it is over, with every line of it taken. */
  boolean isOver() {
    return ended && lines.isEmpty();
  }

  /** Whether it ended as it should; once it is over. */
  boolean succeeded() {
    return exit() == 0;
  }

  /** What it said last and how it ended; once it is over. */
  String complaint() throws IOException {
    int exit = exit();
    byte[] rest = process.getErrorStream().readAllBytes();
    String said = (complaint + new String(rest, StandardCharsets.UTF_8)).strip();
    String last = said.substring(said.lastIndexOf('\n') + 1);
    return "exit " + exit + (last.isEmpty() ? "" : ": " + last);
  }

  private int exit() {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return -1;
    }
  }

  @Override
  public void close() {
    process.destroy();
    reader.interrupt();
  }
}
