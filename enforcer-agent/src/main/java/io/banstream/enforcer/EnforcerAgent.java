package io.banstream.enforcer;

import io.banstream.jails.ShellCommand;
import io.banstream.schemas.OwnerOnly;
import io.banstream.schemas.Reason;
import io.banstream.schemas.Role;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this host's firewall equal to the decisions. Its table on disk serves until the broker
 * answers; then the topics are read from their beginning and replace it. While the broker is away
 * it goes on with what it has; the kernel ends each ban by itself.
 */
public final class EnforcerAgent implements Role {
  private static final Logger LOG = LoggerFactory.getLogger(EnforcerAgent.class);
  private static final Duration COMMAND_LIMIT = Duration.ofSeconds(60);
  private static final Duration ACTION_LIMIT = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration AWAY = Duration.ofHours(12);
  private static final Duration SILENCE = Duration.ofSeconds(20);
  private static final long CLOSE_SECONDS = 20;

  private final EnforcerSettings settings;
  private final FolderLock lock;
  private final FirewallChoice choice;
  private final TableSaver saver;
  private final Optional<BanLog> banLog;
  private final Optional<Actions> actions;
  private final Cutter cutter;
  private final Keeper keeper;
  private final Outlook outlook;
  private final Reporter reporter;
  private final Intake intake;
  private final InstantSource clock;
  private final ClockOffset offset = new ClockOffset();
  private final ScheduledExecutorService beside =
      Executors.newScheduledThreadPool(2, EnforcerAgent::daemon);
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final Thread thread;
  private final Pace second = Pace.each(Duration.ofSeconds(1));
  private final Pace expiry = Pace.byCost(Duration.ofSeconds(1), Duration.ofMinutes(1));
  private final Pace glance = Pace.each(POLL);
  private final Pace look = Pace.byCost(Duration.ofSeconds(2), Duration.ofMinutes(1));
  private final Pace connect = Pace.each(Duration.ofSeconds(1));

  /** When not many waited to be taken, the last time. */
  private long calm = System.nanoTime();

  private Optional<Feed> feed = Optional.empty();
  private Optional<Table> reading = Optional.empty();
  private Instant heard;

  /** Whether no other firewall has anything of ours. */
  private boolean alone;

  private volatile boolean stopping;
  private volatile Optional<String> away = Optional.empty();

  private EnforcerAgent(EnforcerSettings settings, Tools tools, FolderLock lock)
      throws IOException {
    this.settings = settings;
    this.lock = lock;
    this.clock = settings.clock();
    TableFile file = new TableFile(settings.data());
    this.saver = new TableSaver(file, new BootFile(settings.data()), clock);
    Table table = file.read(settings.host());
    Shell shell = new Shell(settings.commandPrefix(), COMMAND_LIMIT);
    this.choice = FirewallChoice.make(settings, shell, tools);
    Firewall firewall = choice.firewall();
    this.outlook =
        new Outlook(
            new Surroundings(settings.commandPrefix()),
            new Broker(settings.kafka()),
            firewall.families());
    this.banLog =
        settings
            .banLog()
            .map(t -> new BanLog(t, BanLogOutput.of(t, shell, ZoneId.systemDefault()), clock));
    this.cutter =
        new Cutter(
            settings.commandPrefix(),
            settings.firewall() == FirewallKind.DRY_RUN
                ? Optional.of(settings.dryRunOutput())
                : Optional.empty());
    this.keeper =
        new Keeper(
            firewall,
            table,
            outlook.exempt(),
            banLog.stream().map(BanWitness.class::cast).toList(),
            cutter,
            clock.instant());
    this.reporter = new Reporter(settings, offset, choice, outlook::own, this::check);
    this.heard = reporter.answered();
    this.actions = actions(settings);
    this.intake = new Intake(settings.kafka(), settings.group(), settings.actions());
    this.thread = daemon(this::run);
    thread.setName("enforcer");
  }

  private static Optional<Actions> actions(EnforcerSettings settings) {
    boolean dryRun = settings.firewall() == FirewallKind.DRY_RUN;
    ActionJournal journal = dryRun ? ActionJournal.none() : ActionJournal.in(settings.data());
    if (!settings.actions()) {
      if (journal.isThere()) {
        LOG.warn("what jails' actions did before stays: they are not allowed any more");
      }
      return Optional.empty();
    }
    ActionLane.Runner shell = new ShellCommand(settings.commandPrefix(), ACTION_LIMIT)::run;
    ActionLane.Runner printer =
        line -> {
          settings.dryRunOutput().accept(line);
          return 0;
        };
    return Optional.of(new Actions(journal, dryRun ? printer : shell, settings.clock()));
  }

  /**
   * Starts an enforcer; what it can't do ever it says at once, a broker that is away it waits for.
   *
   * @throws EnforcerException if this host can't be served as asked: no right, a tool missing, a
   *     data folder in use or of another version
   */
  public static EnforcerAgent start(EnforcerSettings settings) {
    return start(settings, Tools.STANDARD);
  }

  static EnforcerAgent start(EnforcerSettings settings, Tools tools) {
    try {
      OwnerOnly.folder(settings.data());
      FolderLock lock = FolderLock.take(settings.data());
      try {
        EnforcerAgent agent = new EnforcerAgent(settings, tools, lock);
        agent.begin();
        return agent;
      } catch (RuntimeException | IOException e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw new EnforcerException("data folder " + settings.data() + ": " + e, e);
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "enforcer-beside");
    thread.setDaemon(true);
    return thread;
  }

  private void begin() {
    thread.start();
    every(Duration.ofMillis(500), reporter::tick);
    every(Duration.ofSeconds(1), this::lookAbout);
  }

  private void lookAbout() {
    try {
      outlook.tick();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** A broker or a tool that fails is tried again; the schedule must not end with it. */
  private void every(Duration interval, Runnable task) {
    var unused =
        beside.scheduleWithFixedDelay(
            () -> {
              try {
                task.run();
              } catch (KafkaException | FirewallException e) {
                LOG.debug("tried again soon: {}", e.getMessage());
              } catch (RuntimeException e) {
                LOG.error("reporting failed", e);
              }
            },
            0,
            interval.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private Instant now() {
    return offset.broker(clock.instant());
  }

  private void run() {
    try {
      while (!stopping) {
        keeper.restore(now());
        if (!alone && keeper.isInstalled()) {
          alone = true;
          choice.clearOther().run();
        }
        follow();
        tick();
      }
    } catch (RuntimeException | Error e) {
      away = Optional.of("stopped, rules and entries stay: " + Reason.of(e));
      ended.completeExceptionally(e);
      ready.completeExceptionally(e);
    } finally {
      feed.ifPresent(Feed::close);
      choice.firewall().close();
    }
  }

  /** Takes what was read, from the beginning where there is no feed. */
  private void follow() {
    try {
      if (feed.isEmpty()) {
        if (!connect.due()) {
          Thread.sleep(POLL.toMillis());
          return;
        }
        feed = Optional.of(Feed.open(settings.kafka(), this::decode));
        reading = Optional.of(new Table(settings.host()));
      }
      feed.get().poll(POLL).ifPresent(this::take);
    } catch (InterruptedException e) {
      stopping = true;
    } catch (KafkaException e) {
      tellFollowing(Optional.of(settings.kafka() + ": " + Reason.of(e)));
      readAnew();
    }
  }

  private void take(Feed.Batch batch) {
    Table target = reading.orElseGet(keeper::table);
    Touched touched = new Touched();
    for (Step step : batch.steps()) {
      step.take(target, touched);
      saver.changed();
    }
    batch.positions().forEach(target::position);
    if (reading.isEmpty()) {
      keeper.take(touched, now());
    } else if (batch.caughtUp()) {
      target.forget(now());
      actions.ifPresent(keeper::carryOutBy);
      keeper.serve(target, now());
      reading = Optional.empty();
    }
    tellFollowing(Optional.empty());
  }

  private Step decode(ConsumerRecord<byte[], byte[]> record) {
    try {
      return intake.read(record);
    } catch (Intake.Unreadable e) {
      return (table, touched) -> reporter.deadLetter(record, e.getMessage());
    }
  }

  private void readAnew() {
    feed.ifPresent(Feed::close);
    feed = Optional.empty();
    reading = Optional.empty();
  }

  private void tellFollowing(Optional<String> now) {
    if (!now.equals(away)) {
      now.ifPresentOrElse(
          words -> LOG.warn("decisions can't be followed, bans go on as known: {}", words),
          () -> LOG.info("decisions are followed again"));
      away = now;
    }
  }

  private void tick() {
    boolean current = feed.isPresent() && reading.isEmpty();
    if (current && keeper.isInstalled()) {
      ready.complete(null);
    }
    if (second.due()) {
      keeper.surroundings(outlook.exempt(), now());
      reporter.report(keeper.news());
      Instant answered = reporter.answered();
      if (outlook.takeTopicsChanged() || heard.plus(AWAY).isBefore(answered)) {
        LOG.info("the topics are not those that were read, or were away long: read anew");
        readAnew();
      }
      heard = answered;
      if (reporter.takeClockMoved()) {
        LOG.info("the broker's clock is {} from this host's", offset.offset());
        keeper.serve(keeper.table(), now());
      }
    }
    if (glance.due()) {
      keeper.glance();
    }
    if (!isFlooded()) {
      expiry.run(() -> keeper.expire(now()));
      look.run(() -> keeper.compare(now()));
      if (current) {
        saver.saveIfDue(keeper, now());
      }
    }
  }

  /**
   * Whether many bans wait, and not for long yet: what looks at the whole of it is to wait then.
   */
  private boolean isFlooded() {
    long now = System.nanoTime();
    boolean many = feed.filter(Feed::hasMany).isPresent();
    calm = many ? calm : now;
    return many && now - calm < PATIENCE.toNanos();
  }

  @Override
  public CompletableFuture<Void> ready() {
    return ready;
  }

  @Override
  public CompletableFuture<Void> ended() {
    return ended;
  }

  @Override
  public Optional<String> check() {
    if (keeper.wrong().isPresent()) {
      return keeper.wrong();
    }
    boolean silent = reporter.answered().plus(SILENCE).isBefore(clock.instant());
    return away.or(saver::problem)
        .or(() -> banLog.flatMap(BanLog::problem))
        .or(() -> actions.flatMap(Actions::problem))
        .or(cutter::problem)
        .or(() -> silent ? Optional.of(reporter.unanswered()) : Optional.empty());
  }

  /** Stops; rules and entries stay in the kernel, which ends each ban at its time. */
  @Override
  public void close() {
    if (stopping) {
      return;
    }
    stopping = true;
    try {
      thread.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
      beside.shutdownNow();
      beside.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
      reporter.close();
      saver.save(keeper, now());
      cutter.close();
      if (banLog.isPresent()) {
        banLog.get().close();
      }
      if (actions.isPresent()) {
        actions.get().close();
      }
      lock.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
