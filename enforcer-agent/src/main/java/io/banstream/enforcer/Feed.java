package io.banstream.enforcer;

import io.banstream.schemas.KafkaConnection;
import io.banstream.schemas.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The topics that an enforcer follows, each from its beginning, committed records only. All methods
 * raise Kafka's exceptions; after one the feed is to be opened anew.
 */
final class Feed implements AutoCloseable {
  private static final Map<String, Object> CONFIG =
      Map.of(
          "isolation.level", "read_committed",
          "enable.auto.commit", "false",
          // Nothing is stepped over silently: a lost position means reading from the beginning.
          "auto.offset.reset", "none",
          "allow.auto.create.topics", "false",
          "max.poll.records", "5000",
          "default.api.timeout.ms", "5000");

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Map<TopicPartition, Long> ends;
  private boolean caughtUp;

  private Feed(KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    this.consumer = consumer;
    this.ends = ends;
  }

  static Feed open(KafkaConnection kafka) {
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            kafka.with(CONFIG), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    try {
      List<TopicPartition> partitions = new ArrayList<>();
      Topics topics = kafka.topics();
      for (String topic :
          List.of(topics.jails(), topics.allows(), topics.hosts(), topics.decisions())) {
        List<PartitionInfo> found = consumer.partitionsFor(topic);
        if (found == null || found.isEmpty()) {
          throw new UnknownTopicOrPartitionException("no topic " + topic);
        }
        found.forEach(p -> partitions.add(new TopicPartition(topic, p.partition())));
      }
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      return new Feed(consumer, consumer.endOffsets(partitions));
    } catch (RuntimeException e) {
      consumer.close();
      throw e;
    }
  }

  Iterable<ConsumerRecord<byte[], byte[]>> poll(Duration wait) {
    ConsumerRecords<byte[], byte[]> records = consumer.poll(wait);
    return records;
  }

  /** Whether all is read that was committed when this was opened. */
  boolean isCaughtUp() {
    caughtUp =
        caughtUp
            || ends.entrySet().stream()
                .allMatch(e -> consumer.position(e.getKey()) >= e.getValue());
    return caughtUp;
  }

  /** Notes in the table how far each partition of a topic is read. */
  void note(String topic, Table table) {
    for (TopicPartition p : ends.keySet()) {
      if (p.topic().equals(topic)) {
        table.position(p.partition(), consumer.position(p));
      }
    }
  }

  /** Has a waiting poll end; may be called by another thread. */
  void wake() {
    consumer.wakeup();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
