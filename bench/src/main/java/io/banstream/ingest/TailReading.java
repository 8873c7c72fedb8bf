package io.banstream.ingest;

import io.banstream.jails.FilterSet;
import io.banstream.jails.LineMatcher;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * A log read once to its end, as the agent reads it. In the agent's package, because nobody else
 * has a use for its tail.
 */
public final class TailReading {
  private TailReading() {}

  /** Reads and counts the lines. */
  public static long newlines(Path log) throws IOException {
    long[] lines = new long[1];
    read(
        log,
        (buf, to) -> {
          for (int i = 0; i < to; i++) {
            lines[0] += buf[i] == '\n' ? 1 : 0;
          }
        });
    return lines[0];
  }

  /** Reads and looks for words; the lines found are counted. */
  public static long lookedAt(Path log, List<LineMatcher> filters) throws IOException {
    long[] lines = new long[1];
    FilterSet set = new FilterSet(filters);
    read(log, (buf, to) -> set.scan(buf, 0, to, line -> lines[0]++));
    return lines[0];
  }

  /** Reads and matches; the failures are counted. */
  public static long failures(Path log, List<LineMatcher> filters, Instant now) throws IOException {
    long[] failures = new long[1];
    FilterSet.Taker taker =
        line -> {
          for (int i = 0; i < filters.size(); i++) {
            failures[0] += line.match(i, now).size();
          }
        };
    FilterSet set = new FilterSet(filters);
    read(log, (buf, to) -> set.scan(buf, 0, to, taker));
    return failures[0];
  }

  private static void read(Path log, BiConsumer<byte[], Integer> taker) throws IOException {
    Tail.Lines lines =
        new Tail.Lines() {
          @Override
          public int lines(byte[] buf, int to, long offset) {
            taker.accept(buf, to);
            return to;
          }

          @Override
          public boolean wantsMore() {
            return true;
          }

          @Override
          public void overlong(long offset) {
            throw new IllegalStateException("a line too long at " + offset);
          }
        };
    try (Tail tail = new Tail(log, Place.beginning(0), new Chunk())) {
      while (tail.open() && tail.read(lines, 4 << 20)) {
        // on to its end
      }
    }
  }
}
