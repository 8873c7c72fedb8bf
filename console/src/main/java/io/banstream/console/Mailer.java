package io.banstream.console;

import io.banstream.schemas.JailRecord;
import io.banstream.schemas.OwnerOnly;
import io.banstream.schemas.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the mails that jails' actions ask for: once for the fleet, at most so many an hour to each
 * recipient. In a thread of its own: neither whois nor a disk that is slow keeps the console.
 * {@link MailBook} has what is told together, {@link MailQueue} sends.
 *
 * <p>Told are bans that logs led to, as they come into force: neither an operator's nor imported
 * ones, nor what was decided while no console ran.
 */
final class Mailer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Mailer.class);
  private static final int MOST_WAITING = 1_000;
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration ENDING = Duration.ofSeconds(10);

  private final Whois whois;
  private final Function<String, Collection<JailRecord>> jails;
  private final InstantSource clock;
  private final MailBook book;
  private final MailQueue queue;
  private final AtomicInteger open = new AtomicInteger();
  private final BlockingQueue<Announcement> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final Thread thread = new Thread(this::run, "console-mail");
  private volatile boolean closed;

  /**
   * @param hourly mails an hour and recipient
   * @param folder where mails wait; made where it is missing
   * @param jails the records of a jail, one a group
   * @throws ConsoleException if nothing can be kept in the folder
   */
  Mailer(
      int hourly,
      Delivery delivery,
      Whois whois,
      Path folder,
      Function<String, Collection<JailRecord>> jails,
      InstantSource clock) {
    this.whois = whois;
    this.jails = jails;
    this.clock = clock;
    try {
      OwnerOnly.folder(folder);
      this.book = new MailBook(folder.resolve("book.json"), hourly);
      this.queue = new MailQueue(new MailSpool(folder), delivery, clock);
    } catch (IOException e) {
      throw new ConsoleException("mails that wait, " + folder + ": " + e, e);
    }
    thread.setDaemon(true);
    thread.start();
  }

  /** A ban or unban has come into force. */
  void tell(Announcement news) {
    boolean byLogs = news.decision().getFailures() > 0;
    if (news.decision().getVerdict() != Verdict.BAN || !byLogs) {
      return;
    }
    if (waiting.offer(news)) {
      open.incrementAndGet();
    } else {
      LOG.warn("mail: {} bans wait already, none is told of {}", MOST_WAITING, news.line());
    }
  }

  /** Whether all that it was told of is sent, or waits for its time. */
  boolean isIdle() {
    return open.get() == 0 && queue.isIdle();
  }

  private void run() {
    while (!closed || !waiting.isEmpty()) {
      Announcement news = next();
      try {
        tellOf(news);
      } catch (RuntimeException | LinkageError e) { // the next ban is told all the same
        LOG.error("mail: making mails failed", e);
      }
      if (news != null) {
        open.decrementAndGet();
      }
    }
  }

  /**
   * @param news null: none for now
   */
  private void tellOf(Announcement news) {
    if (news != null) {
      String jail = news.decision().getJail();
      MailAction.of(jail, jails.apply(jail)).forEach(action -> take(jail, action, news));
    }
    book.due(clock.instant()).forEach(this::send);
    if (waiting.isEmpty()) { // a flood is saved once, at its end
      book.save();
    }
  }

  /** Null: none for now. */
  private Announcement next() {
    try {
      return closed ? waiting.poll() : waiting.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      return waiting.poll(); // what waits is kept before it ends
    }
  }

  private void take(String jail, MailAction action, Announcement news) {
    if (action.gathered() > 1) {
      book.gather(jail, action, news, clock.instant()).ifPresent(this::send);
    } else if (book.mayGo(action, clock.instant())) {
      send(BanMail.of(action, news, action.whois() ? owner(news) : List.of()));
    } else {
      book.putOff(action, news, clock.instant());
    }
  }

  private List<String> owner(Announcement news) {
    try {
      if (!closed) {
        return whois.ask(news.decision().getAddress());
      }
    } catch (InterruptedException e) {
      // the console ends
    }
    return List.of("  (not asked: the console was about to end)");
  }

  private void send(Mail mail) {
    queue.send(mail.letter(clock.instant()));
  }

  /** What waits is kept, and sent when a console runs again. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join(ENDING.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    queue.close();
  }
}
