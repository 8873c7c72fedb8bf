package io.banstream.processor;

/**
 * How often the tasks of one thread ask for commits: each commits them all, and stops them for some
 * 10 to 50 ms. So after each there is a pause of {@value #PAUSE_MS} ms and not less than twice as
 * long as the commit took: under a flood of bans two thirds of the time are left for reading. Times
 * in milliseconds.
 */
final class CommitPace {
  private static final long PAUSE_MS = 10;
  private static final int TIMES_ITS_LENGTH = 2;

  private boolean wanted;
  private boolean running;
  private long asked;
  private long notBefore;

  /** There is something that readers wait for. */
  void want() {
    wanted = true;
  }

  /**
   * To be asked each time that the task has its turn; after a commit, that is when it is done.
   *
   * @return whether a commit is to be asked for now
   */
  boolean due(long now) {
    if (running) {
      running = false;
      notBefore = now + Math.max(PAUSE_MS, TIMES_ITS_LENGTH * (now - asked));
    }
    if (!wanted || now < notBefore) {
      return false;
    }
    wanted = false;
    running = true;
    asked = now;
    return true;
  }
}
