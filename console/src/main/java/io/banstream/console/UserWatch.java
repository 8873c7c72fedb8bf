package io.banstream.console;

import io.banstream.schemas.Attempt;
import io.banstream.schemas.KafkaConnection;
import io.banstream.schemas.Outcome;
import io.banstream.schemas.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the failed logins for their user names, in a thread of its own. It reads at most {@link
 * #A_SECOND} records a second: where more come, it falls behind by {@link #BEHIND} and then goes on
 * with the newest, so a storm costs the console no more. What it leaves out is told by {@link
 * UserTries#isWhole}.
 */
final class UserWatch implements AutoCloseable {
  static final int A_SECOND = 2_000;
  static final int BEHIND = 20_000;

  private static final Logger log = LoggerFactory.getLogger(UserWatch.class);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final long SECOND = Duration.ofSeconds(1).toMillis();
  private static final Duration LOOK_FOR_PARTITIONS = Duration.ofMinutes(1);

  private final KafkaConnection kafka;
  private final InstantSource clock;
  private final UserTries tries;
  private final UserNews news;
  private final Deserializer<Attempt> attempts;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Thread thread = new Thread(this::run, "console-users");
  private boolean told;

  UserWatch(KafkaConnection kafka, InstantSource clock, UserTries tries, UserNews news) {
    this.kafka = kafka;
    this.clock = clock;
    this.tries = tries;
    this.news = news;
    this.attempts = kafka.serde(Attempt.class).deserializer();
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  private void run() {
    while (stopped.getCount() > 0) {
      try (KafkaConsumer<String, byte[]> consumer = CommittedTopic.consumer(kafka)) {
        follow(consumer);
      } catch (KafkaException | ConsoleException e) {
        // The feed tells that the broker is away; here only which figures wait for it.
        if (!told) {
          log.warn("User names can't be followed in {}: {}; trying again", kafka, Reason.of(e));
          told = true;
        }
        pause(SECOND);
      }
    }
  }

  private void follow(KafkaConsumer<String, byte[]> consumer) {
    String topic = kafka.topics().attempts();
    List<TopicPartition> partitions = CommittedTopic.partitions(consumer, topic);
    consumer.assign(partitions);
    begin(consumer, partitions);
    Instant looked = clock.instant();
    while (stopped.getCount() > 0) {
      long began = System.nanoTime();
      int taken = 0;
      while (taken < A_SECOND && millisSince(began) < SECOND && stopped.getCount() > 0) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
          take(record);
          taken++;
        }
      }
      told = false;
      skip(consumer, partitions);
      pause(Math.max(0, SECOND - millisSince(began)));
      if (clock.instant().isAfter(looked.plus(LOOK_FOR_PARTITIONS))) {
        looked = clock.instant();
        if (CommittedTopic.partitions(consumer, topic).size() != partitions.size()) {
          return;
        }
      }
    }
  }

  private static long millisSince(long nanos) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - nanos);
  }

  /** With the last hour, or what can be caught up with of it. */
  private void begin(KafkaConsumer<String, byte[]> consumer, List<TopicPartition> partitions) {
    Instant now = clock.instant();
    Map<TopicPartition, Long> hourAgo = new HashMap<>();
    partitions.forEach(p -> hourAgo.put(p, now.minus(UserTries.WINDOW).toEpochMilli()));
    Map<TopicPartition, OffsetAndTimestamp> begins = consumer.offsetsForTimes(hourAgo);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    long each = BEHIND / partitions.size();
    for (TopicPartition p : partitions) {
      long end = ends.get(p);
      long begin = begins.get(p) == null ? end : begins.get(p).offset();
      consumer.seek(p, Math.max(begin, end - each));
      if (end - each > begin) {
        tries.missed(now);
      }
    }
  }

  private void skip(KafkaConsumer<String, byte[]> consumer, List<TopicPartition> partitions) {
    long lag = partitions.stream().mapToLong(p -> consumer.currentLag(p).orElse(0)).sum();
    if (lag > BEHIND) {
      consumer.seekToEnd(partitions);
      tries.missed(clock.instant());
    }
  }

  private void take(ConsumerRecord<String, byte[]> record) {
    if (record.key() == null || record.value() == null) {
      return;
    }
    try {
      Attempt attempt = attempts.deserialize(record.topic(), record.value());
      String user = attempt.getUser();
      if (attempt.getOutcome() == Outcome.FAILURE && user != null && !user.isEmpty()) {
        // The address as it is counted: of IPv6 it may be a network.
        Instant time = Instant.ofEpochMilli(record.timestamp());
        String address = Plain.text(record.key());
        news.heard(address, user, tries.saw(address, user, time), clock.instant());
      }
    } catch (SerializationException e) {
      // The processor puts it among the dead letters; there is no name in it.
    }
  }

  private void pause(long millis) {
    try {
      stopped.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopped.countDown();
    }
  }

  @Override
  public void close() {
    stopped.countDown();
    try {
      thread.join(Duration.ofSeconds(5).toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
