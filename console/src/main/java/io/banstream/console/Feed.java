package io.banstream.console;

import io.banstream.schemas.Alert;
import io.banstream.schemas.AllowRecord;
import io.banstream.schemas.Command;
import io.banstream.schemas.DeadLetter;
import io.banstream.schemas.Decision;
import io.banstream.schemas.DecisionKey;
import io.banstream.schemas.Enforcement;
import io.banstream.schemas.Evidence;
import io.banstream.schemas.Heartbeat;
import io.banstream.schemas.JailRecord;
import io.banstream.schemas.KafkaConnection;
import io.banstream.schemas.Reason;
import io.banstream.schemas.Topics;
import io.banstream.schemas.Totals;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows the topics and keeps the view as they are: one thread, one consumer, no group. */
final class Feed implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Feed.class);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration LOOK_FOR_PARTITIONS = Duration.ofMinutes(1);
  private static final long DEAD_LETTERS_READ = 100;

  private interface Reader {
    void read(ConsumerRecord<String, byte[]> record, boolean live, Instant now);
  }

  private final KafkaConnection kafka;
  private final InstantSource clock;
  private final View view;
  private final Announcer announcer;
  private final Consumer<GuardTrip> tripped;
  private final LiftReasons reasons;
  private final Map<String, Reader> readers;
  private final CompletableFuture<Void> ready = new CompletableFuture<>();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "console-feed");
  private final Map<TopicPartition, Long> deadLetterBegins = new HashMap<>();
  private final Map<TopicPartition, Long> reached = new HashMap<>();
  private volatile boolean closing;
  private volatile Optional<String> trouble = Optional.of("the topics are not read yet");
  private Optional<String> told = Optional.empty();
  private volatile long unreadable;

  /**
   * @param out hears of bans and unbans as they come into force
   * @param tripped hears of a guard as it trips
   */
  Feed(
      KafkaConnection kafka,
      InstantSource clock,
      View view,
      Consumer<Announcement> out,
      Consumer<GuardTrip> tripped) {
    this.kafka = kafka;
    this.clock = clock;
    this.view = view;
    this.reasons = new LiftReasons(view);
    this.announcer = new Announcer(view::evidenceOf, d -> reasons.of(d, clock.instant()), out);
    this.tripped = tripped;
    this.readers = readers(kafka.topics());
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Done once the view is as the topics stood when the feed began. */
  CompletableFuture<Void> ready() {
    return ready;
  }

  /** Fails once nothing is read any more. */
  CompletableFuture<Void> ended() {
    return ended;
  }

  Optional<String> check() {
    return trouble;
  }

  /** Records that were no records of ours. */
  long unreadable() {
    return unreadable;
  }

  private Map<String, Reader> readers(Topics t) {
    Map<String, Reader> by = new HashMap<>();
    by.put(t.decisions(), decisions());
    by.put(t.evidence(), events(Evidence.class, (r, e, live, now) -> view.putEvidence(e)));
    by.put(
        t.totals(),
        values(Totals.class, (r, v, live, now) -> view.putTotals(r.key(), v, live, now)));
    by.put(t.jails(), values(JailRecord.class, (r, v, live, now) -> view.putJail(r.key(), v)));
    by.put(t.allows(), values(AllowRecord.class, (r, v, live, now) -> view.putAllow(r.key(), v)));
    by.put(
        t.enforcements(),
        values(Enforcement.class, (r, v, live, now) -> view.putEnforcement(r.key(), v)));
    by.put(
        t.hosts(),
        values(
            Heartbeat.class,
            (r, v, live, now) -> view.putHost(r.key(), v, Instant.ofEpochMilli(r.timestamp()))));
    by.put(t.commands(), events(Command.class, (r, v, live, now) -> reasons.heard(v)));
    by.put(t.alerts(), events(Alert.class, this::alert));
    by.put(
        t.deadLetters(),
        events(
            DeadLetter.class,
            (r, v, live, now) -> {
              TopicPartition p = new TopicPartition(r.topic(), r.partition());
              view.putDeadLetter(v, r.offset() + 1 - deadLetterBegins.getOrDefault(p, 0L));
            }));
    return by;
  }

  private interface ValueReader<T> {
    void read(ConsumerRecord<String, byte[]> record, T value, boolean live, Instant now);
  }

  private <T extends SpecificRecord> Reader values(Class<T> type, ValueReader<T> reader) {
    var serde = kafka.serde(type).deserializer();
    return (record, live, now) ->
        reader.read(record, serde.deserialize(record.topic(), record.value()), live, now);
  }

  /** Where a value is always there: a tombstone makes no sense and is passed over. */
  private <T extends SpecificRecord> Reader events(Class<T> type, ValueReader<T> reader) {
    return values(
        type,
        (record, value, live, now) -> {
          if (value != null) {
            reader.read(record, value, live, now);
          }
        });
  }

  private void alert(
      ConsumerRecord<String, byte[]> record, Alert alert, boolean live, Instant now) {
    Optional<GuardTrip> trip = view.putAlert(alert);
    if (live) {
      trip.ifPresent(tripped);
    }
  }

  private Reader decisions() {
    return values(
        Decision.class,
        (record, decision, live, now) -> {
          DecisionKey key = DecisionKey.parse(record.key());
          Optional<Decision> before = view.putDecision(key, decision);
          if (live && decision != null) {
            announcer.decided(before, decision, now);
          }
        });
  }

  private void run() {
    while (!closing) {
      try (KafkaConsumer<String, byte[]> consumer = CommittedTopic.consumer(kafka)) {
        follow(consumer);
      } catch (KafkaException | ConsoleException e) {
        trouble = Optional.of("the topics can't be read: " + Reason.of(e));
        if (!trouble.equals(told)) {
          told = trouble;
          log.warn("Topics can't be read from {}: {}; trying again", kafka, Reason.of(e));
        }
        pause();
      } catch (RuntimeException | Error e) {
        trouble = Optional.of("the console no longer follows the topics: " + Reason.of(e));
        ended.completeExceptionally(e);
        ready.completeExceptionally(e);
        return;
      }
    }
  }

  /** Reads everything from the beginning, or from where an earlier round came to, and on. */
  private void follow(KafkaConsumer<String, byte[]> consumer) {
    List<TopicPartition> partitions = partitions(consumer);
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    skipOldDeadLetters(consumer, ends);
    reached.forEach(consumer::seek);
    Instant looked = clock.instant();
    while (!closing) {
      var records = consumer.poll(POLL);
      records.forEach(this::read);
      told = records.isEmpty() ? told : Optional.empty();
      trouble = ready.isDone() ? Optional.empty() : trouble;
      announcer.tell(clock.instant());
      if (!ready.isDone() && caughtUp(consumer, ends)) {
        trouble = Optional.empty();
        ready.complete(null);
      }
      if (clock.instant().isAfter(looked.plus(LOOK_FOR_PARTITIONS))) {
        looked = clock.instant();
        if (partitions(consumer).size() != partitions.size()) {
          log.info("The topics have other partitions now");
          return;
        }
      }
    }
  }

  private List<TopicPartition> partitions(KafkaConsumer<String, byte[]> consumer) {
    List<TopicPartition> all = new ArrayList<>();
    readers.keySet().forEach(t -> all.addAll(CommittedTopic.partitions(consumer, t)));
    return all;
  }

  private void skipOldDeadLetters(
      KafkaConsumer<String, byte[]> consumer, Map<TopicPartition, Long> ends) {
    List<TopicPartition> dead =
        ends.keySet().stream().filter(p -> p.topic().equals(kafka.topics().deadLetters())).toList();
    deadLetterBegins.putAll(consumer.beginningOffsets(dead));
    for (TopicPartition p : dead) {
      consumer.seek(p, Math.max(deadLetterBegins.get(p), ends.get(p) - DEAD_LETTERS_READ));
    }
  }

  private static boolean caughtUp(
      KafkaConsumer<String, byte[]> consumer, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream().allMatch(e -> consumer.position(e.getKey()) >= e.getValue());
  }

  private void read(ConsumerRecord<String, byte[]> record) {
    try {
      readers.get(record.topic()).read(record, ready.isDone(), clock.instant());
    } catch (SerializationException | IllegalArgumentException e) {
      unreadable++;
      if (unreadable == 1) {
        log.warn(
            "Unreadable record in {} partition {} at {}, counted from here on: {}",
            record.topic(),
            record.partition(),
            record.offset(),
            e.toString());
      }
    }
    reached.put(new TopicPartition(record.topic(), record.partition()), record.offset() + 1);
  }

  private void pause() {
    try {
      closing |= stopped.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      closing = true;
    }
  }

  @Override
  public void close() {
    closing = true;
    stopped.countDown();
    try {
      thread.join(Duration.ofSeconds(5).toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
