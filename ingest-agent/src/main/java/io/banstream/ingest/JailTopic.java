package io.banstream.ingest;

import io.banstream.jails.Jail;
import io.banstream.jails.JailRecords;
import io.banstream.schemas.JailRecord;
import io.banstream.schemas.KafkaConnection;
import io.banstream.schemas.Key;
import io.banstream.schemas.Reason;
import io.banstream.schemas.RegistryException;
import java.io.Closeable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * The jails of one group, as the topic {@code jails} has them, in a thread of its own. They are
 * known once the topic has been read to its end, and follow it from then on. A jail that can't be
 * read leaves the one before it in force.
 */
final class JailTopic implements Closeable {
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final long PAUSE_MS = 1_000;

  private final KafkaConnection kafka;
  private final String group;
  private final Runnable news;
  private final Deserializer<JailRecord> records;
  private final Queue<Unreadable> unreadable = new ConcurrentLinkedQueue<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Trouble trouble;
  private final Thread thread;

  /** Ends the consumer's waiting: an interrupt would let it complain. */
  private volatile Runnable waiting = () -> {};

  private volatile Optional<Map<String, Jail>> jails = Optional.empty();
  private volatile Optional<String> problem = Optional.empty();

  /** A record that is to be put aside. */
  record Unreadable(String origin, String why, byte[] payload) {}

  /**
   * @param news called, in the topic's thread, when there are jails, or others
   */
  JailTopic(KafkaConnection kafka, String group, Runnable news) {
    this.kafka = kafka;
    this.group = group;
    this.news = news;
    this.records = kafka.serde(JailRecord.class).deserializer();
    this.trouble = new Trouble("topic " + kafka.topics().jails());
    this.thread = new Thread(this::follow, "ingest-jails");
    thread.setDaemon(true);
    thread.start();
  }

  /** The jails in force, by name; empty until they are known. */
  Optional<Map<String, Jail>> jails() {
    return jails;
  }

  /** What is wrong with the topic now. */
  Optional<String> problem() {
    return problem;
  }

  /** The next record that could not be read. */
  Optional<Unreadable> unreadable() {
    return Optional.ofNullable(unreadable.poll());
  }

  private void follow() {
    while (closing.getCount() > 0) {
      try {
        read();
      } catch (WakeupException e) {
        return; // closed
      } catch (KafkaException e) {
        trouble.is(Reason.of(e));
      }
      problem = trouble.now();
      if (isClosedWithin(PAUSE_MS)) {
        return;
      }
    }
  }

  private boolean isClosedWithin(long millis) {
    try {
      return closing.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      return true;
    }
  }

  /** From the topic's beginning, until it is closed or fails. */
  private void read() {
    String topic = kafka.topics().jails();
    var none = new ByteArrayDeserializer();
    try (var consumer = new KafkaConsumer<>(kafka.with(settings()), none, none)) {
      waiting = consumer::wakeup;
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(p -> new TopicPartition(topic, p.partition()))
              .toList();
      if (partitions.isEmpty()) {
        trouble.is("does not exist yet");
        return;
      }
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      Map<String, Jail> inForce = new TreeMap<>();
      boolean known = false;
      while (closing.getCount() > 0) {
        boolean changed = false;
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          changed |= take(record, inForce);
        }
        trouble.over();
        problem = Optional.empty();
        boolean first = !known && isAt(consumer, ends);
        known |= first;
        if (first || known && changed) {
          jails = Optional.of(Map.copyOf(inForce));
          news.run();
        }
      }
    }
  }

  private static Map<String, String> settings() {
    return Map.of(
        "allow.auto.create.topics", "false",
        "isolation.level", "read_committed",
        "fetch.max.wait.ms", "500",
        "default.api.timeout.ms", "10000",
        "request.timeout.ms", "10000",
        "enable.metrics.push", "false");
  }

  private static boolean isAt(KafkaConsumer<?, ?> consumer, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream().allMatch(e -> consumer.position(e.getKey()) >= e.getValue());
  }

  private boolean take(ConsumerRecord<byte[], byte[]> record, Map<String, Jail> inForce) {
    try {
      List<String> key = Key.parts(new String(record.key(), StandardCharsets.UTF_8));
      if (!key.get(0).equals(group) || key.size() != 2) {
        return false;
      }
      if (record.value() == null) {
        return inForce.remove(key.get(1)) != null;
      }
      Jail jail = JailRecords.jail(records.deserialize(record.topic(), record.value()));
      return !jail.equals(inForce.put(jail.name(), jail));
    } catch (RegistryException e) {
      throw e; // the record may be sound: it is read again
    } catch (RuntimeException e) {
      String origin = record.topic() + "-" + record.partition() + "@" + record.offset();
      unreadable.add(
          new Unreadable(
              origin,
              String.valueOf(e.getMessage()),
              record.value() == null ? new byte[0] : record.value()));
      news.run();
      return false;
    }
  }

  @Override
  public void close() {
    closing.countDown();
    waiting.run();
    try {
      thread.join(PAUSE_MS * 5);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
