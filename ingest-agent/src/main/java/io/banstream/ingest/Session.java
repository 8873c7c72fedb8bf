package io.banstream.ingest;

import io.banstream.jails.Jail;
import io.banstream.schemas.Heartbeat;
import java.io.Closeable;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The agent's work from one start at the checkpoint to the next failure to send: one producer, and
 * everything that is known of the sources. Used by the reading thread alone.
 */
final class Session implements Closeable {
  private static final Duration RESCAN = Duration.ofSeconds(1);
  private static final Duration HEARTBEAT = Duration.ofSeconds(5);
  private static final Duration LAST_SENDS = Duration.ofSeconds(3);

  private final IngestSettings settings;
  private final InstantSource clock;
  private final Instant started;
  private final Savepoint savepoint;
  private final JailTopic topic;
  private final Shipper shipper;
  private final Names names;
  private final Ignoring ignoring;
  private final Following following;
  private Optional<Map<String, Jail>> jails = Optional.empty();
  private Instant nextScan = Instant.EPOCH;
  private Instant nextHeartbeat = Instant.EPOCH;

  /**
   * @param started when the agent began
   * @param syslog what comes by the sockets, if there are any
   */
  Session(
      IngestSettings settings,
      Instant started,
      Savepoint savepoint,
      JailTopic topic,
      Doorbell doorbell,
      OwnAddresses own,
      Told told,
      Optional<SyslogReceiver> syslog) {
    this.settings = settings;
    this.clock = settings.clock();
    this.started = started;
    this.savepoint = savepoint;
    this.topic = topic;
    this.shipper = new Shipper(settings.kafka(), settings.host(), clock);
    this.names = new Names(InetAddress::getAllByName, clock, doorbell::ring);
    this.ignoring = new Ignoring(settings.ignorecommands(), own, clock, told, doorbell::ring);
    Checkpoint start = savepoint.acknowledged();
    Surroundings around =
        new Surroundings(
            settings.host(),
            start.incarnation(),
            clock,
            shipper,
            names,
            ignoring,
            new Successes(),
            told,
            savepoint::hasBegun,
            settings.zone(),
            new Filters(settings.zone()));
    this.following = new Following(start, settings.journalctl(), around, doorbell, syslog);
  }

  /**
   * Reads from each source, and does what else is due.
   *
   * @return whether there is more to read at once
   */
  boolean pass() {
    Instant now = clock.instant();
    Optional<Map<String, Jail>> inForce = topic.jails();
    if (inForce.isPresent() && (!inForce.equals(jails) || !now.isBefore(nextScan))) {
      jails = inForce;
      nextScan = now.plus(RESCAN);
      following.follow(inForce.get());
    }
    boolean more = following.read();
    topic.unreadable().ifPresent(u -> shipper.deadLetter(u.origin(), u.why(), u.payload()));
    shipper.putAside();
    savepoint.step(following, shipper);
    following.prune(savepoint.acknowledged());
    if (!now.isBefore(nextHeartbeat)) {
      nextHeartbeat = now.plus(HEARTBEAT);
      shipper.heartbeat(heartbeat(now));
    }
    return more;
  }

  private Heartbeat heartbeat(Instant now) {
    String version = IngestAgent.class.getPackage().getImplementationVersion();
    return new Heartbeat(
        settings.host(),
        "ingest",
        settings.group(),
        version == null ? "development" : version,
        started,
        Instant.ofEpochMilli(now.toEpochMilli()),
        following.status(),
        problem().orElse(null),
        List.of());
  }

  /** What is wrong now, in one line. */
  Optional<String> problem() {
    String all =
        Stream.of(
                topic.problem().stream(),
                savepoint.problem().stream(),
                shipper.aside().stream(),
                following.problems())
            .flatMap(problems -> problems)
            .collect(Collectors.joining("; "));
    return all.isEmpty() ? Optional.empty() : Optional.of(all);
  }

  boolean isFull() {
    return shipper.isFull();
  }

  /** Why nothing more can be sent in this session. */
  Optional<Exception> failure() {
    return shipper.failure();
  }

  /** Lets what is on its way arrive, and saves how far that is. */
  void end() {
    shipper.close(LAST_SENDS);
    savepoint.last(following, shipper);
  }

  @Override
  public void close() {
    shipper.close();
    names.close();
    ignoring.close();
    following.close();
  }
}
