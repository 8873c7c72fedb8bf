package io.banstream.enforcer;

import io.banstream.schemas.Reason;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a line in fail2ban's form of each ban that the kernel has, and of its end. Written by a
 * thread of its own: what the log goes to may be full or hang, which keeps no ban. Lines wait then,
 * 100,000 of them at most.
 */
final class BanLog implements BanWitness, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BanLog.class);
  private static final int MOST_WAITING = 100_000;
  private static final int AT_ONCE = 1000;
  private static final long RETRY_SECONDS = 1;
  private static final long CLOSE_SECONDS = 5;

  private final BanLogTarget target;
  private final BanLogOutput output;
  private final InstantSource clock;
  private final Deque<BanLine> waiting = new ArrayDeque<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "enforcer-ban-log");
  private long lost;
  private volatile Optional<String> problem = Optional.empty();

  /**
   * @param clock this host's
   */
  BanLog(BanLogTarget target, BanLogOutput output, InstantSource clock) {
    this.target = target;
    this.output = output;
    this.clock = clock;
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void banned(Entry entry, Instant until, boolean again) {
    add(entry, again ? "Restore Ban" : "Ban");
  }

  @Override
  public void unbanned(Entry entry) {
    add(entry, "Unban");
  }

  private synchronized void add(Entry entry, String what) {
    if (waiting.size() < MOST_WAITING) {
      waiting.add(new BanLine(clock.instant(), entry, what));
      notifyAll();
    } else {
      lost++;
    }
  }

  private void run() {
    try {
      for (List<BanLine> next = next(); !next.isEmpty(); next = next()) {
        if (!isWritten(next) && closed.await(RETRY_SECONDS, TimeUnit.SECONDS)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Those that have waited longest; none: it is closed, and all are written. */
  private synchronized List<BanLine> next() throws InterruptedException {
    while (waiting.isEmpty() && closed.getCount() > 0) {
      wait();
    }
    return waiting.stream().limit(AT_ONCE).toList();
  }

  private boolean isWritten(List<BanLine> lines) {
    try {
      output.write(lines);
      taken(lines.size());
      return true;
    } catch (IOException e) {
      String why = "the ban log " + target + " can't be written: " + Reason.of(e);
      if (problem.isEmpty()) {
        LOG.warn("{}; bans go on", why);
      }
      problem = Optional.of(why);
      return false;
    }
  }

  private synchronized void taken(int count) {
    for (int i = 0; i < count; i++) {
      waiting.remove();
    }
    if (problem.isPresent()) {
      LOG.info("the ban log {} is written again; {} lines are missing", target, lost);
      lost = 0;
      problem = Optional.empty();
    }
  }

  /** Why it is not written. */
  Optional<String> problem() {
    return problem;
  }

  /** Writes what is still to be written, if that can be done. */
  @Override
  public void close() throws InterruptedException {
    closed.countDown();
    synchronized (this) {
      notifyAll();
    }
    thread.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
  }
}
