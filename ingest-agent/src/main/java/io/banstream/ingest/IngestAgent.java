package io.banstream.ingest;

import io.banstream.schemas.Reason;
import io.banstream.schemas.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.KafkaException;

/**
 * Follows this host's logs as its group's jails say, and sends each failed login to {@code
 * attempts}. The log itself is the buffer: what is read counts as done once the broker has it. One
 * thread reads all logs; where sending fails it begins again at the checkpoint.
 */
public final class IngestAgent implements Role {
  /** How often each log is looked at, whatever the doorbell says. */
  private static final long LOOK_MS = 250;

  /** How long reading waits for the broker to take what is on its way. */
  private static final long FULL_MS = 2;

  private static final long FOLDER_PAUSE_MS = 1_000;
  private static final long SHORTEST_PAUSE_MS = 100;
  private static final long LONGEST_PAUSE_MS = 5_000;
  private static final long CLOSE_MS = 5_000;

  private final IngestSettings settings;
  private final DataFolder folder;
  private final Doorbell doorbell = new Doorbell();
  private final JailTopic topic;
  private final OwnAddresses own;
  private final Told told = new Told();
  private final Thread reader;
  private final Instant started;
  private final Optional<SyslogSockets> sockets;
  private Optional<SyslogReceiver> syslog = Optional.empty();
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final Trouble trouble;

  private volatile boolean closing;
  private volatile Optional<String> problem = Optional.empty();

  private IngestAgent(IngestSettings settings, DataFolder folder, Optional<SyslogSockets> sockets) {
    this.settings = settings;
    this.folder = folder;
    this.sockets = sockets;
    this.topic = new JailTopic(settings.kafka(), settings.group(), doorbell::ring);
    this.own = new OwnAddresses(settings.clock());
    this.started = Instant.ofEpochMilli(settings.clock().millis());
    this.trouble = new Trouble("ingest");
    this.reader = new Thread(this::run, "ingest-read");
  }

  /**
   * Starts it. A broker that is away, a log that is missing or a data folder that can't be written
   * now only delay it.
   *
   * @throws IllegalArgumentException in one line, if the data folder can't serve: it is in use by
   *     another agent, or of another version; or if a syslog socket can't be had
   */
  public static IngestAgent start(IngestSettings settings) {
    DataFolder folder = new DataFolder(settings.data());
    try {
      folder.open();
    } catch (IOException e) {
      // tried again, and told, by the reading thread
    } catch (IllegalArgumentException e) {
      folder.close();
      throw e;
    }
    IngestAgent agent = new IngestAgent(settings, folder, bind(settings, folder));
    agent.reader.start();
    return agent;
  }

  private static Optional<SyslogSockets> bind(IngestSettings settings, DataFolder folder) {
    List<SyslogAddress> addresses = settings.syslog().sockets();
    try {
      return addresses.isEmpty() ? Optional.empty() : Optional.of(SyslogSockets.bind(addresses));
    } catch (IllegalArgumentException e) {
      folder.close();
      throw e;
    }
  }

  /** Done once each source is read up to where it stood at start, and the broker has it. */
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
    return problem;
  }

  private void run() {
    try {
      Savepoint savepoint = openFolder();
      long pause = SHORTEST_PAUSE_MS;
      while (!closing) {
        Checkpoint before = savepoint.acknowledged();
        Optional<Exception> failure = session(savepoint);
        if (failure.isPresent() && !closing) {
          trouble.is("goes back to the checkpoint: " + Reason.of(failure.get()));
          problem = trouble.now();
          savepoint.goBack();
          boolean progress = !before.equals(savepoint.acknowledged());
          pause = progress ? SHORTEST_PAUSE_MS : Math.min(pause * 2, LONGEST_PAUSE_MS);
          doorbell.await(pause);
        }
      }
    } catch (InterruptedException e) {
      // closed
    } catch (RuntimeException | Error e) {
      problem = Optional.of("stopped: " + Reason.of(e));
      ended.completeExceptionally(e);
      ready.completeExceptionally(e);
    }
  }

  private Savepoint openFolder() throws InterruptedException {
    while (true) {
      try {
        Savepoint savepoint = new Savepoint(folder, settings.clock(), folder.open());
        receive(savepoint.acknowledged());
        trouble.over();
        problem = Optional.empty();
        return savepoint;
      } catch (IOException e) {
        trouble.is("data folder " + settings.data() + " can't be used: " + e);
        problem = trouble.now();
      }
      Thread.sleep(FOLDER_PAUSE_MS);
    }
  }

  private void receive(Checkpoint start) throws IOException {
    if (sockets.isPresent()) {
      Path folder = settings.data().resolve("spool");
      long used = SyslogSource.used(start);
      Spool spool = Spool.open(folder, used, settings.syslog().spoolBytes());
      syslog =
          Optional.of(
              new SyslogReceiver(sockets.get(), spool, settings.clock(), doorbell::ring, ended));
    }
  }

  /** From the checkpoint on, until the agent is closed or something can't be sent: gives why. */
  private Optional<Exception> session(Savepoint savepoint) throws InterruptedException {
    try (Session session =
        new Session(settings, started, savepoint, topic, doorbell, own, told, syslog)) {
      while (!closing) {
        boolean more = session.pass();
        if (session.failure().isPresent()) {
          return session.failure();
        }
        if (savepoint.isCaughtUp()) {
          trouble.over();
          ready.complete(null);
        }
        problem = session.problem();
        if (!more) {
          doorbell.await(session.isFull() ? FULL_MS : LOOK_MS);
        }
      }
      session.end();
      return Optional.empty();
    } catch (KafkaException e) {
      return Optional.of(e); // a setting of the client's, or a name that isn't known now
    }
  }

  @Override
  public void close() {
    closing = true;
    doorbell.ring();
    topic.close();
    try {
      reader.join(CLOSE_MS);
      reader.interrupt(); // it waits for a broker that is away
      reader.join(CLOSE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    syslog.ifPresent(SyslogReceiver::close);
    sockets.ifPresent(SyslogSockets::close);
    doorbell.close();
    folder.close();
    ready.cancel(false);
  }
}
