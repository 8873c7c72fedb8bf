package io.banstream.processor;

/**
 * How often the tasks of one thread ask for commits: each commits them all, and stops them for some
 * 10 to 50 ms. So after each there is a pause of {@value #PAUSE_MS} ms and not less than twice as
 * long as the commit took, {@value #LONGEST_MS} at most. Where the thread is behind, what it
 * decides is late already, and catching up is what helps: then nine tenths of the time are left for
 * it. Times in milliseconds.
 */
final class CommitPace {
  private static final long PAUSE_MS = 10;
  private static final int TIMES_ITS_LENGTH = 2;

  /** A record that was appended longer ago says that the thread is behind. */
  private static final long BEHIND_MS = 1_000;

  private static final int BEHIND_TIMES_ITS_LENGTH = 9;

  /** Whatever a commit took: a broker, or a machine that stood still, says nothing of the next. */
  private static final long LONGEST_MS = 500;

  /** After a commit, for what no reader waits for. */
  private static final long UNHURRIED_MS = 200;

  private boolean wanted;
  private boolean unhurried;
  private boolean behind;
  private boolean running;
  private long asked;
  private long ended;
  private long took;

  /**
   * There is something that readers wait for.
   *
   * @param age how long ago the record was appended that brought it
   */
  void want(long age) {
    wanted = true;
    behind = age > BEHIND_MS;
  }

  /** There is something that is to be kept, but nobody waits for it: totals, how far it came. */
  void wantSometime() {
    unhurried = true;
  }

  /**
   * To be asked each time that the task has its turn; after a commit, that is when it is done.
   *
   * @return whether a commit is to be asked for now
   */
  boolean due(long now) {
    if (running) {
      running = false;
      ended = now;
      took = now - asked;
    }
    boolean due = wanted && isOver(pause(), now);
    if (!due && !(unhurried && isOver(Math.max(pause(), UNHURRIED_MS), now))) {
      return false;
    }
    wanted = false;
    unhurried = false;
    running = true;
    asked = now;
    return true;
  }

  private long pause() {
    if (ended == 0) {
      return 0;
    }
    long times = behind ? BEHIND_TIMES_ITS_LENGTH : TIMES_ITS_LENGTH;
    return Math.max(PAUSE_MS, Math.min(times * took, LONGEST_MS));
  }

  /** Also where the clock was set back. */
  private boolean isOver(long pause, long now) {
    return now < ended || now >= ended + pause;
  }
}
