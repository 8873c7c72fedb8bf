package io.banstream.console;

import io.banstream.schemas.KafkaConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reading topics as they are committed, without a group and without a memory of the position. */
final class CommittedTopic {
  private static final Duration POLL = Duration.ofMillis(200);

  private CommittedTopic() {}

  static KafkaConsumer<String, byte[]> consumer(KafkaConnection kafka) {
    return new KafkaConsumer<>(
        kafka.with(
            Map.of(
                "isolation.level", "read_committed",
                "enable.auto.commit", "false",
                "auto.offset.reset", "earliest",
                "allow.auto.create.topics", "false",
                // The console shares its process, and its heap, with everything else in `up`.
                "fetch.max.bytes", 8_000_000,
                "max.partition.fetch.bytes", 1_000_000,
                "default.api.timeout.ms", 15_000,
                "client.id", "banstream-console")),
        new StringDeserializer(),
        new ByteArrayDeserializer());
  }

  static List<TopicPartition> partitions(KafkaConsumer<?, ?> consumer, String topic) {
    List<PartitionInfo> found = consumer.partitionsFor(topic);
    if (found == null || found.isEmpty()) {
      throw new ConsoleException("topic " + topic + " does not exist on the broker");
    }
    return found.stream().map(p -> new TopicPartition(topic, p.partition())).toList();
  }

  /** Gives every record that stands in the topic now, oldest first within a partition. */
  static int read(
      KafkaConnection kafka, String topic, Consumer<ConsumerRecord<String, byte[]>> each) {
    try (KafkaConsumer<String, byte[]> consumer = consumer(kafka)) {
      List<TopicPartition> partitions = partitions(consumer, topic);
      consumer.assign(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      consumer.seekToBeginning(partitions);
      while (!ends.entrySet().stream()
          .allMatch(e -> consumer.position(e.getKey()) >= e.getValue())) {
        consumer.poll(POLL).forEach(each);
      }
      return partitions.size();
    }
  }
}
