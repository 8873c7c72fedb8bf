package io.banstream.enforcer;

import io.banstream.schemas.KafkaConnection;
import io.banstream.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The topics that an enforcer follows, each from its beginning, committed records only. A thread of
 * its own reads ahead, so that records are decoded while the firewall's tool works.
 */
final class Feed implements AutoCloseable {
  private static final Map<String, Object> CONFIG =
      Map.of(
          "isolation.level", "read_committed",
          "enable.auto.commit", "false",
          // Nothing is stepped over silently: a lost position means reading from the beginning.
          "auto.offset.reset", "none",
          "allow.auto.create.topics", "false",
          "max.poll.records", "20000",
          "default.api.timeout.ms", "5000");
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration CLOSE = Duration.ofSeconds(5);

  /**
   * What one poll brought.
   *
   * @param steps one a record, in their order
   * @param positions offset that comes next in each partition of {@code decisions}
   * @param caughtUp whether all is read that was committed when the feed was opened
   */
  record Batch(List<Step> steps, Map<Integer, Long> positions, boolean caughtUp) {}

  private final Topics topics;
  private final Function<ConsumerRecord<byte[], byte[]>, Step> decoder;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final BlockingQueue<Batch> batches = new ArrayBlockingQueue<>(1);
  private final Thread reader = new Thread(this::run, "enforcer-feed");
  private volatile Optional<Throwable> failure = Optional.empty();
  private volatile boolean closed;

  private Feed(KafkaConnection kafka, Function<ConsumerRecord<byte[], byte[]>, Step> decoder) {
    this.topics = kafka.topics();
    this.decoder = decoder;
    this.consumer =
        new KafkaConsumer<>(
            kafka.with(CONFIG), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    reader.setDaemon(true);
  }

  /**
   * Begins to read; does not wait for the broker.
   *
   * @param decoder called by the feed's thread
   */
  static Feed open(KafkaConnection kafka, Function<ConsumerRecord<byte[], byte[]>, Step> decoder) {
    Feed feed = new Feed(kafka, decoder);
    feed.reader.start();
    return feed;
  }

  /**
   * What was read since the last call; empty: nothing came in time. Raises what ended the reading,
   * Kafka's exceptions among it; the feed is to be opened anew then.
   */
  Optional<Batch> poll(Duration wait) throws InterruptedException {
    Optional<Throwable> failed = failure; // What was read before it comes first.
    Batch batch = batches.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
    if (batch == null && failed.isPresent()) {
      if (failed.get() instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) failed.get();
    }
    return Optional.ofNullable(batch);
  }

  /** Whether many more records were read, and wait to be taken. */
  boolean hasMany() {
    Batch next = batches.peek();
    return next != null && next.steps().size() >= Firewall.MANY;
  }

  private void run() {
    try (consumer) {
      List<TopicPartition> partitions = partitions();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      boolean caughtUp = false;
      while (!closed) {
        List<Step> steps = new ArrayList<>();
        consumer.poll(POLL).forEach(record -> steps.add(decoder.apply(record)));
        caughtUp =
            caughtUp
                || ends.entrySet().stream()
                    .allMatch(e -> consumer.position(e.getKey()) >= e.getValue());
        hand(new Batch(steps, positions(partitions), caughtUp));
      }
    } catch (RuntimeException | Error e) {
      failure = Optional.of(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<TopicPartition> partitions() {
    List<TopicPartition> partitions = new ArrayList<>();
    for (String topic :
        List.of(topics.jails(), topics.allows(), topics.hosts(), topics.decisions())) {
      List<PartitionInfo> found = consumer.partitionsFor(topic);
      if (found == null || found.isEmpty()) {
        throw new UnknownTopicOrPartitionException("no topic " + topic);
      }
      found.forEach(p -> partitions.add(new TopicPartition(topic, p.partition())));
    }
    return partitions;
  }

  private Map<Integer, Long> positions(List<TopicPartition> partitions) {
    Map<Integer, Long> positions = new HashMap<>();
    for (TopicPartition p : partitions) {
      if (p.topic().equals(topics.decisions())) {
        positions.put(p.partition(), consumer.position(p));
      }
    }
    return positions;
  }

  private void hand(Batch batch) throws InterruptedException {
    boolean taken = false;
    while (!taken && !closed) {
      taken = batches.offer(batch, POLL.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public void close() {
    closed = true;
    consumer.wakeup();
    try {
      reader.join(CLOSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
