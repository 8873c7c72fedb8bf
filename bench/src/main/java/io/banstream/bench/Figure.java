package io.banstream.bench;

import java.io.IOException;
import java.util.Arrays;

/** Lines a second of one core, of work done several times over. */
final class Figure {
  private final String name;
  private final int lines;
  private final Work work;
  private final double[] seconds;
  private int runs;
  private long found = -1;

  /** Work on so many lines. */
  interface Work {
    CpuTime take() throws IOException;
  }

  Figure(String name, int lines, int runs, Work work) {
    this.name = name;
    this.lines = lines;
    this.work = work;
    this.seconds = new double[runs];
  }

  void run() throws IOException {
    CpuTime taken = work.take();
    if (found >= 0 && found != taken.found()) {
      throw new IllegalStateException(name + " finds " + taken.found() + ", before " + found);
    }
    found = taken.found();
    seconds[runs++] = taken.seconds();
  }

  /** The median. */
  double rate() {
    double[] sorted = seconds.clone();
    Arrays.sort(sorted);
    return lines / sorted[seconds.length / 2];
  }

  private double best() {
    return lines / Arrays.stream(seconds).min().orElseThrow();
  }

  void print(Figure baseline) {
    System.out.printf(
        "  %-52s %,12.0f lines/s (best %,.0f)  %6.1f ns a line  %.4f of %s  found %,d%n",
        name, rate(), best(), 1e9 / rate(), rate() / baseline.rate(), baseline.name, found);
  }
}
