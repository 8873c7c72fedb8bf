package io.banstream.console;

import io.banstream.schemas.JailRecord;
import io.banstream.schemas.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the mails that jails' actions ask for: once for the fleet, at most so many an hour to each
 * recipient, the rest in one at the hour's end. In a thread of its own: neither whois nor a mail
 * system that is slow keeps the console.
 *
 * <p>Told are bans that logs led to, as they come into force: neither an operator's nor imported
 * ones, nor what was decided while no console ran.
 */
final class Mailer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Mailer.class);
  private static final int MOST_WAITING = 1_000;
  private static final int MOST_IN_A_DIGEST = 500;
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final MailSettings settings;
  private final Path sendmail;
  private final Function<String, Collection<JailRecord>> jails;
  private final InstantSource clock;
  private final AtomicInteger open = new AtomicInteger();
  private final BlockingQueue<Announcement> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final Map<String, Hour> hours = new HashMap<>();
  private final Thread thread = new Thread(this::run, "console-mail");
  private volatile boolean closed;
  private boolean failing;

  /** What went to one recipient since the hour began. */
  private static final class Hour {
    private final Instant begin;
    private final List<String> over = new ArrayList<>();
    private MailAction action;
    private int sent;
    private int overInAll;

    Hour(Instant begin) {
      this.begin = begin;
    }
  }

  /**
   * @param settings with a sendmail
   * @param jails the records of a jail, one a group
   */
  Mailer(
      MailSettings settings, Function<String, Collection<JailRecord>> jails, InstantSource clock) {
    this.settings = settings;
    this.sendmail = settings.sendmail().orElseThrow();
    this.jails = jails;
    this.clock = clock;
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

  /** Whether all that it was told of is sent, or put aside for the hour's end. */
  boolean isIdle() {
    return open.get() == 0;
  }

  private void run() {
    try {
      while (!closed) {
        Announcement news = waiting.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        if (news != null) {
          String jail = news.decision().getJail();
          for (MailAction action : MailAction.of(jail, jails.apply(jail))) {
            take(action, news);
          }
          open.decrementAndGet();
        }
        endHours(clock.instant());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void take(MailAction action, Announcement news) throws InterruptedException {
    Hour hour = hours.computeIfAbsent(action.dest(), dest -> new Hour(clock.instant()));
    hour.action = action;
    if (hour.sent < settings.hourly()) {
      hour.sent++;
      List<String> whois = action.whois() ? Whois.ask(news.decision().getAddress()) : List.of();
      send(BanMail.of(action, news, whois));
      return;
    }
    hour.overInAll++;
    if (hour.over.size() < MOST_IN_A_DIGEST) {
      hour.over.add(news.line());
    }
  }

  private void endHours(Instant now) throws InterruptedException {
    for (Hour hour : List.copyOf(hours.values())) {
      boolean back = now.isBefore(hour.begin); // a clock that was set back
      if (back || !now.isBefore(hour.begin.plus(HOUR))) {
        hours.remove(hour.action.dest());
        if (hour.overInAll > 0) {
          send(BanMail.digest(hour.action, hour.overInAll, hour.over));
        }
      }
    }
  }

  private void send(Mail mail) throws InterruptedException {
    MailAction to = mail.to();
    try {
      Program.run(
          List.of(sendmail.toString(), "-i", "-f", to.sender(), "--", to.dest()),
          mail.bytes(clock.instant()),
          LIMIT);
      if (failing) {
        failing = false;
        LOG.info("mail: well again");
      }
    } catch (IOException e) {
      if (!failing) {
        failing = true;
        LOG.warn("mail: not sent to {}: {}", to.dest(), Plain.text(String.valueOf(e.getMessage())));
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
