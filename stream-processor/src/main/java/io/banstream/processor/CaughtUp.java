package io.banstream.processor;

import io.banstream.schemas.KafkaConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/** Whether all is committed that the topics held when it was first asked. */
final class CaughtUp implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Admin admin;
  private final List<String> topics;
  private final String group;
  private Map<TopicPartition, Long> ends;

  CaughtUp(KafkaConnection kafka, String group) {
    this.admin = Admin.create(kafka.with(Map.of()));
    this.topics = List.of(kafka.topics().attempts(), kafka.topics().commands());
    this.group = group;
  }

  /**
   * @throws ExecutionException if the broker refuses; it may be asked again
   * @throws TimeoutException if it does not answer; likewise
   */
  boolean ask() throws InterruptedException, ExecutionException, TimeoutException {
    if (ends == null) {
      ends = ends();
    }
    Map<TopicPartition, OffsetAndMetadata> committed =
        get(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
    return ends.entrySet().stream()
        .allMatch(
            end -> {
              OffsetAndMetadata reached = committed.get(end.getKey());
              return reached != null && reached.offset() >= end.getValue();
            });
  }

  /** The ends of the partitions that hold anything. */
  private Map<TopicPartition, Long> ends()
      throws InterruptedException, ExecutionException, TimeoutException {
    List<TopicPartition> partitions =
        get(admin.describeTopics(topics).allTopicNames()).values().stream()
            .flatMap(CaughtUp::partitions)
            .toList();
    Map<TopicPartition, Long> begins = offsets(partitions, OffsetSpec.earliest());
    Map<TopicPartition, Long> all = new HashMap<>(offsets(partitions, OffsetSpec.latest()));
    all.entrySet().removeIf(end -> end.getValue() <= begins.get(end.getKey()));
    return all;
  }

  private static Stream<TopicPartition> partitions(TopicDescription topic) {
    return topic.partitions().stream().map(p -> new TopicPartition(topic.name(), p.partition()));
  }

  private Map<TopicPartition, Long> offsets(List<TopicPartition> partitions, OffsetSpec spec)
      throws InterruptedException, ExecutionException, TimeoutException {
    var asked = partitions.stream().collect(Collectors.toMap(p -> p, p -> spec));
    return get(admin.listOffsets(asked).all()).entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().offset()));
  }

  private static <T> T get(KafkaFuture<T> future)
      throws InterruptedException, ExecutionException, TimeoutException {
    return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    admin.close(Duration.ZERO);
  }
}
