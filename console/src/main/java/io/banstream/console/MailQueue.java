package io.banstream.console;

import io.banstream.schemas.Reason;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends letters, one at a time, in a thread of its own. One that is not taken is sent again after a
 * minute, two, and so on up to an hour, for five days; one that is refused for good is told and
 * left out at once. Each recipient waits for himself. A letter is kept before it is first sent, and
 * forgotten after it was taken: whatever crashes between the two makes it come twice.
 */
final class MailQueue implements AutoCloseable {
  /** Letters that wait at most, and their bytes. */
  static final int MOST_WAITING = 1_000;

  static final Duration LONGEST_LIFE = Duration.ofDays(5);

  private static final long MOST_BYTES = 16 << 20;
  private static final Logger LOG = LoggerFactory.getLogger(MailQueue.class);
  private static final Duration FIRST_PAUSE = Duration.ofMinutes(1);
  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration ENDING = Duration.ofSeconds(2);
  private static final int LONGEST_REASON = 300;

  private final MailSpool spool;
  private final Delivery delivery;
  private final InstantSource clock;
  private final Map<String, Lane> lanes = new LinkedHashMap<>();
  private final Thread thread = new Thread(this::run, "console-mail-out");
  private int number;
  private long bytes;
  private boolean sending;
  private boolean closed;

  /** What waits for one recipient. */
  private static final class Lane {
    private final Deque<MailSpool.Entry> entries = new ArrayDeque<>();
    private Optional<Instant> failed = Optional.empty();
    private Duration pause = FIRST_PAUSE;
    private long lost;

    boolean isDue(Instant now) {
      return !entries.isEmpty()
          && failed
              .map(at -> now.isBefore(at) || !now.isBefore(at.plus(pause))) // or it was set back
              .orElse(true);
    }

    void failed(Instant now) {
      pause = failed.isEmpty() ? FIRST_PAUSE : pause.multipliedBy(2);
      pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
      failed = Optional.of(now);
    }
  }

  /**
   * @throws IOException if what an earlier run left can't be looked for
   */
  MailQueue(MailSpool spool, Delivery delivery, InstantSource clock) throws IOException {
    this.spool = spool;
    this.delivery = delivery;
    this.clock = clock;
    spool.found().forEach(this::add);
    thread.setDaemon(true);
    thread.start();
  }

  /** Takes a letter, and returns once it is kept. */
  synchronized void send(Letter letter) {
    add(spool.keep(letter));
    while (number > MOST_WAITING || bytes > MOST_BYTES) {
      leaveOutOne();
    }
    notifyAll();
  }

  /** Whether nothing is to be sent before a pause is over. */
  synchronized boolean isIdle() {
    Instant now = clock.instant();
    return !sending && lanes.values().stream().noneMatch(lane -> lane.isDue(now));
  }

  private void add(MailSpool.Entry entry) {
    lanes.computeIfAbsent(entry.dest(), dest -> new Lane()).entries.addLast(entry);
    number++;
    bytes += entry.bytes();
  }

  /** The latest of whom most wait for: a bad address takes no other's place. */
  private void leaveOutOne() {
    Lane longest =
        lanes.values().stream()
            .max(Comparator.comparing(lane -> lane.entries.size()))
            .orElseThrow();
    MailSpool.Entry entry = longest.entries.getLast();
    if (longest.lost++ == 0) {
      LOG.warn("mail: too many wait already, later ones to {} are left out", entry.dest());
    }
    forget(longest, entry);
  }

  private void forget(Lane lane, MailSpool.Entry entry) {
    if (lane.entries.remove(entry)) {
      number--;
      bytes -= entry.bytes();
      spool.drop(entry);
    }
    if (lane.entries.isEmpty()) {
      lanes.remove(entry.dest());
      if (lane.lost > 0) {
        LOG.warn("mail: {} to {} were left out", lane.lost, entry.dest());
      }
    }
  }

  private void run() {
    try {
      while (true) {
        MailSpool.Entry entry = next();
        try {
          attempt(entry);
        } finally {
          synchronized (this) {
            sending = false;
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The first of a recipient whose turn it is; he goes behind the others. */
  private synchronized MailSpool.Entry next() throws InterruptedException {
    while (!closed) {
      Instant now = clock.instant();
      Optional<String> dest =
          lanes.entrySet().stream()
              .filter(lane -> lane.getValue().isDue(now))
              .map(Map.Entry::getKey)
              .findFirst();
      if (dest.isPresent()) {
        Lane lane = lanes.remove(dest.get());
        lanes.put(dest.get(), lane);
        sending = true;
        return lane.entries.getFirst();
      }
      wait(LOOK.toMillis());
    }
    throw new InterruptedException();
  }

  private void attempt(MailSpool.Entry entry) throws InterruptedException {
    String dest = entry.dest();
    try {
      delivery.deliver(spool.letter(entry));
      answered(entry, true);
    } catch (MailRefusedException e) {
      LOG.warn("mail: one to {} is refused for good, and left out: {}", dest, words(e));
      answered(entry, false);
    } catch (IOException e) {
      notNow(entry, words(e));
    } catch (RuntimeException | LinkageError e) { // a server's odd answer; a jar that was replaced
      LOG.error("mail: sending one to {} failed", dest, e);
      notNow(entry, words(new IOException(e)));
    }
  }

  private synchronized void answered(MailSpool.Entry entry, boolean taken) {
    Optional<Lane> found = Optional.ofNullable(lanes.get(entry.dest())); // all left out meanwhile?
    if (found.isPresent()) {
      Lane lane = found.get();
      if (taken && lane.failed.isPresent()) {
        LOG.info("mail: sent to {} again", entry.dest());
      }
      lane.failed = Optional.empty();
      forget(lane, entry);
    }
  }

  private synchronized void notNow(MailSpool.Entry entry, String why) {
    Lane lane = lanes.get(entry.dest());
    if (lane == null || !lane.entries.remove(entry)) {
      return; // left out meanwhile
    }
    lane.entries.addLast(entry); // behind the others: it may be its own fault
    spool.settle(entry);
    Instant now = clock.instant();
    if (lane.failed.isEmpty()) {
      LOG.warn("mail: not sent to {}, and tried again: {}", entry.dest(), why);
    }
    lane.failed(now);
    if (!now.isBefore(entry.made().plus(LONGEST_LIFE))) {
      long days = LONGEST_LIFE.toDays();
      LOG.warn("mail: one to {} is given up after {} days: {}", entry.dest(), days, why);
      forget(lane, entry);
    }
  }

  /** One line, whoever said it. */
  static String words(IOException e) {
    String line = Plain.text(Reason.of(e));
    return line.length() <= LONGEST_REASON ? line : line.substring(0, LONGEST_REASON) + "...";
  }

  /** What waits is left for the next run. A server's answer is waited for, but not long. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    thread.interrupt();
    try {
      thread.join(ENDING.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
