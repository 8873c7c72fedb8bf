package io.banstream.e2e;

import io.banstream.schemas.AvroSerde;
import io.banstream.schemas.KafkaConnection;
import io.banstream.schemas.Topics;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads topics from their beginning to where they end now, committed records only. */
final class TopicReader {
  private final KafkaConnection kafka;

  /**
   * @param properties the file of a client that may read every topic
   */
  TopicReader(Path properties, Topics topics) throws IOException {
    Properties read = new Properties();
    try (InputStream in = Files.newInputStream(properties)) {
      read.load(in);
    }
    Map<String, String> client = new HashMap<>();
    read.stringPropertyNames().forEach(key -> client.put(key, read.getProperty(key)));
    kafka = new KafkaConnection(client, topics, Optional.empty());
  }

  TopicReader(KafkaConnection kafka) {
    this.kafka = kafka;
  }

  KafkaConnection connection() {
    return kafka;
  }

  Topics topics() {
    return kafka.topics();
  }

  /** All records of a topic, each partition's in its order. */
  <T extends SpecificRecord> List<ConsumerRecord<String, T>> all(String topic, Class<T> type) {
    List<ConsumerRecord<String, T>> all = new ArrayList<>();
    Tail<T> tail = tail(topic, type);
    try (tail) {
      tail.readTo(all::add);
    }
    return all;
  }

  <T extends SpecificRecord> Tail<T> tail(String topic, Class<T> type) {
    return new Tail<>(topic, kafka.serde(type));
  }

  /** Reads on where it was, each time it is asked. */
  final class Tail<T extends SpecificRecord> implements AutoCloseable {
    private final KafkaConsumer<String, T> consumer;

    private Tail(String topic, AvroSerde<T> serde) {
      consumer =
          new KafkaConsumer<>(
              kafka.with(
                  Map.of("isolation.level", "read_committed", "auto.offset.reset", "earliest")),
              new StringDeserializer(),
              serde.deserializer());
      consumer.assign(
          consumer.partitionsFor(topic).stream()
              .map(p -> new TopicPartition(p.topic(), p.partition()))
              .toList());
    }

    /** Hands over all up to the end as it is at the call. */
    void readTo(Consumer<ConsumerRecord<String, T>> each) {
      Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        consumer.poll(Duration.ofMillis(100)).forEach(each);
      }
    }

    @Override
    public void close() {
      consumer.close();
    }
  }

  /** How many records of a topic a group has not yet committed. */
  long lag(String group, String topic) throws ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(kafka.with(Map.of()))) {
      var committed = admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
      var description = admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
      Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
      description
          .partitions()
          .forEach(p -> latest.put(new TopicPartition(topic, p.partition()), OffsetSpec.latest()));
      long lag = 0;
      for (var end : admin.listOffsets(latest).all().get().entrySet()) {
        var at = committed.get(end.getKey());
        lag += end.getValue().offset() - (at == null ? 0 : at.offset());
      }
      return lag;
    }
  }
}
