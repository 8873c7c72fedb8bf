package io.banstream.enforcer;

import java.time.Duration;

/** Says when something is due again, by the machine's monotonic clock. */
final class Pace {
  private static final long SHARE = 100;

  private final long least;
  private final long most;
  private long wait;
  private long next = System.nanoTime();

  private Pace(Duration least, Duration most) {
    this.least = least.toNanos();
    this.most = most.toNanos();
    this.wait = this.least;
  }

  /** Due at once, then after each {@code interval}. */
  static Pace each(Duration interval) {
    return new Pace(interval, interval);
  }

  /** Due at once, then after ever longer waits until it is {@link #reset}. */
  static Pace backingOff(Duration least, Duration most) {
    return new Pace(least, most);
  }

  /**
   * Due at once, then after a hundred times what {@link #run} took: so it takes a hundredth of the
   * time at most, but for {@code most} being over.
   */
  static Pace byCost(Duration least, Duration most) {
    return new Pace(least, most);
  }

  /** Does what is due, if it is. */
  void run(Runnable task) {
    if (due()) {
      long begin = System.nanoTime();
      task.run();
      long end = System.nanoTime();
      next = end + Math.max(least, Math.min(most, SHARE * (end - begin)));
    }
  }

  /** Whether it is due; if so, the next wait begins. */
  boolean due() {
    if (System.nanoTime() - next < 0) {
      return false;
    }
    next = System.nanoTime() + wait;
    wait = Math.min(most, wait * 2);
    return true;
  }

  void reset() {
    wait = least;
    next = System.nanoTime();
  }
}
