package io.banstream.processor;

import io.banstream.schemas.Applied;
import io.banstream.schemas.Attempt;
import io.banstream.schemas.Command;
import io.banstream.schemas.Decision;
import io.banstream.schemas.KafkaConnection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * What the rules decide over {@code attempts} and {@code commands} as they stand in Kafka: the same
 * rules as live, from the oldest record that is kept to the newest there was at the start, with
 * nothing known before it. Partition after partition; within one a command comes between the
 * attempts that {@code applied} says, or where that says nothing by append time. Needs no group and
 * writes nothing.
 */
public final class TopicReplay {
  private static final Duration POLL = Duration.ofMillis(200);

  /** Records read ahead of one topic while the other's are waited for. */
  private static final int AHEAD = 5_000;

  private final KafkaConnection kafka;
  private final Deserializer<Attempt> attempts;
  private final Deserializer<Command> commands;
  private final Deserializer<Applied> applied;
  private long read;
  private long unbelievable;

  public TopicReplay(KafkaConnection kafka) {
    this.kafka = kafka;
    this.attempts = kafka.serde(Attempt.class).deserializer();
    this.commands = kafka.serde(Command.class).deserializer();
    this.applied = kafka.serde(Applied.class).deserializer();
  }

  /** How many records were read. */
  public long read() {
    return read;
  }

  /** How many of them became dead letters, live as well. */
  public long unbelievable() {
    return unbelievable;
  }

  /**
   * @param each takes every ban and unban, a partition's in order
   * @throws org.apache.kafka.common.KafkaException if the broker does not serve
   * @throws IllegalArgumentException if a topic is missing
   */
  public void run(Consumer<Decision> each) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            kafka.with(
                Map.of(
                    "isolation.level", "read_committed",
                    "enable.auto.commit", "false",
                    "allow.auto.create.topics", "false",
                    "default.api.timeout.ms", 15_000,
                    "client.id", "banstream-replay")),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      int partitions = partitions(consumer, kafka.topics().attempts());
      if (partitions(consumer, kafka.topics().commands()) != partitions) {
        throw new IllegalArgumentException(
            kafka.topics().attempts()
                + " has "
                + partitions
                + " partitions, expected as many of "
                + kafka.topics().commands());
      }
      for (int partition = 0; partition < partitions; partition++) {
        new OnePartition(consumer, partition, each).run();
      }
    }
  }

  private static int partitions(KafkaConsumer<?, ?> consumer, String topic) {
    List<PartitionInfo> found = consumer.partitionsFor(topic);
    if (found == null || found.isEmpty()) {
      throw new IllegalArgumentException("topic " + topic + " does not exist");
    }
    return found.size();
  }

  private final class OnePartition {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final TopicPartition attemptsOf;
    private final TopicPartition commandsOf;
    private final RecordRules rules;

    /** By the command's offset: how far the attempts were taken before it. */
    private final Map<Long, Long> points = new HashMap<>();

    private final Map<TopicPartition, Queue<ConsumerRecord<byte[], byte[]>>> waiting =
        new HashMap<>();
    private Map<TopicPartition, Long> ends;

    OnePartition(KafkaConsumer<byte[], byte[]> consumer, int partition, Consumer<Decision> each) {
      this.consumer = consumer;
      this.attemptsOf = new TopicPartition(kafka.topics().attempts(), partition);
      this.commandsOf = new TopicPartition(kafka.topics().commands(), partition);
      Output output =
          new Output(
              (sink, key, value, append) -> {
                if (value instanceof Decision decision) {
                  each.accept(decision);
                }
              });
      try {
        rules = new RecordRules(attempts, commands, RecordRules.Tables.inHeap(partition), output);
      } catch (Unbelievable e) {
        throw new IllegalStateException("empty tables hold something", e);
      }
    }

    void run() {
      readPoints();
      List<TopicPartition> both = List.of(commandsOf, attemptsOf);
      both.forEach(p -> waiting.put(p, new ArrayDeque<>()));
      consumer.assign(both);
      consumer.seekToBeginning(both);
      ends = consumer.endOffsets(both);
      while (both.stream().anyMatch(p -> !isOver(p))) {
        take();
        Collection<TopicPartition> full =
            both.stream().filter(p -> waiting.get(p).size() > AHEAD).toList();
        consumer.resume(both);
        consumer.pause(full);
        for (ConsumerRecord<byte[], byte[]> r : consumer.poll(POLL)) {
          TopicPartition p = new TopicPartition(r.topic(), r.partition());
          if (r.offset() < ends.get(p)) {
            waiting.get(p).add(r);
          }
        }
      }
    }

    private void readPoints() {
      TopicPartition of = new TopicPartition(kafka.topics().applied(), attemptsOf.partition());
      consumer.assign(List.of(of));
      consumer.seekToBeginning(List.of(of));
      ends = consumer.endOffsets(List.of(of));
      while (!isRead(of)) {
        for (ConsumerRecord<byte[], byte[]> r : consumer.poll(POLL)) {
          Applied point = applied.deserialize(r.topic(), r.value());
          points.put(point.getCommand(), point.getAttempts());
        }
      }
    }

    /** Takes records for as long as it is known which is the next. */
    private void take() {
      Queue<ConsumerRecord<byte[], byte[]>> orders = waiting.get(commandsOf);
      Queue<ConsumerRecord<byte[], byte[]>> failures = waiting.get(attemptsOf);
      while (true) {
        boolean known =
            (!orders.isEmpty() || isRead(commandsOf))
                && (!failures.isEmpty() || isRead(attemptsOf))
                && !(orders.isEmpty() && failures.isEmpty());
        if (!known) {
          return;
        }
        boolean order =
            failures.isEmpty()
                || !orders.isEmpty() && comesFirst(orders.element(), failures.element());
        take((order ? orders : failures).remove(), order);
      }
    }

    private boolean comesFirst(ConsumerRecord<?, ?> command, ConsumerRecord<?, ?> attempt) {
      Long point = points.get(command.offset());
      return point == null ? command.timestamp() <= attempt.timestamp() : point <= attempt.offset();
    }

    private void take(ConsumerRecord<byte[], byte[]> r, boolean order) {
      read++;
      Instant append = Instant.ofEpochMilli(r.timestamp());
      try {
        if (order) {
          rules.command(r.key(), r.value(), r.offset(), append);
        } else {
          rules.attempt(r.key(), r.value(), r.offset(), append);
        }
      } catch (Unbelievable e) {
        unbelievable++;
      }
    }

    private boolean isOver(TopicPartition p) {
      return isRead(p) && waiting.get(p).isEmpty();
    }

    private boolean isRead(TopicPartition p) {
      return consumer.position(p) >= ends.get(p);
    }
  }
}
