package io.banstream.console;

import java.time.Instant;

/** Failures a second over the last minutes. */
final class FailureRate {
  /** Seconds that are kept. */
  static final int SECONDS = 300;

  private final long[] counts = new long[SECONDS];
  private final long[] ofSecond = new long[SECONDS];

  void add(long failures, Instant now) {
    long second = now.getEpochSecond();
    int slot = (int) Math.floorMod(second, (long) SECONDS);
    if (ofSecond[slot] != second) {
      ofSecond[slot] = second;
      counts[slot] = 0;
    }
    counts[slot] += failures;
  }

  /**
   * @param seconds at most {@link #SECONDS} - 1
   * @return the last whole seconds before {@code now}, oldest first
   */
  long[] last(int seconds, Instant now) {
    long[] series = new long[seconds];
    for (int i = 0; i < seconds; i++) {
      long second = now.getEpochSecond() - seconds + i;
      int slot = (int) Math.floorMod(second, (long) SECONDS);
      series[i] = ofSecond[slot] == second ? counts[slot] : 0;
    }
    return series;
  }
}
