package io.banstream.standalone.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.banstream.schemas.KafkaConnection;
import io.banstream.schemas.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A broker is killed while it commits, again and again: what was committed is committed whole.
 *
 * <p>More kills: {@code -Dbanstream.kills=N}.
 */
class KilledBrokerIT {
  private static final int KILLS = Integer.getInteger("banstream.kills", 3);
  private static final String TOPIC = "work";

  /** More than a processor's transaction has: their markers take some ms. */
  private static final int PARTITIONS = 200;

  private static final int TRANSACTIONS = 6;

  private static final int KILLED = 137;
  private static final Duration LIMIT = Duration.ofMinutes(2);

  @TempDir static Path folder;

  /**
   * Commits a record to each partition some times, on a broker of its own, and is gone, as if it
   * was killed, while the last commit's markers are being written.
   */
  static final class Committing {
    private Committing() {}

    public static void main(String[] args) throws Exception {
      int kill = Integer.parseInt(args[1]);
      EmbeddedBroker broker = EmbeddedBroker.start(settings(Path.of(args[0])));
      KafkaConnection kafka = broker.connection(Account.ADMIN);
      create(kafka);
      try (var producer = producer(kafka)) {
        producer.initTransactions();
        for (int i = 0; i < TRANSACTIONS; i++) {
          producer.beginTransaction();
          for (int p = 0; p < PARTITIONS; p++) {
            producer.send(new ProducerRecord<>(TOPIC, p, null, kill + "-" + i));
          }
          producer.commitTransaction();
        }
        Thread.sleep(kill);
        Runtime.getRuntime().halt(KILLED);
      }
    }
  }

  private static BrokerSettings settings(Path data) {
    return new BrokerSettings(
        data, Listen.LOOPBACK, new Topics(""), Optional.empty(), "banstream", 1);
  }

  private static KafkaProducer<String, String> producer(KafkaConnection kafka) {
    return new KafkaProducer<>(
        kafka.with(Map.of("transactional.id", "committing")),
        new StringSerializer(),
        new StringSerializer());
  }

  private static void create(KafkaConnection kafka) throws Exception {
    try (Admin admin = Admin.create(kafka.with(Map.of()))) {
      if (!admin.listTopics().names().get().contains(TOPIC)) {
        var topic = new NewTopic(TOPIC, Optional.of(PARTITIONS), Optional.empty());
        admin.createTopics(List.of(topic)).all().get();
      }
    }
  }

  @Test
  void whatWasCommittedIsCommittedWhole() throws Exception {
    for (int kill = 0; kill < KILLS; kill++) {
      commitAndBeKilled(kill);
    }
    Map<String, TreeSet<Integer>> committed = committed();
    assertThat(committed).hasSize(KILLS * TRANSACTIONS);
    committed.values().removeIf(partitions -> partitions.size() == PARTITIONS);
    assertThat(committed).as("transactions that some partitions lack").isEmpty();
  }

  private static void commitAndBeKilled(int kill) throws Exception {
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                Committing.class.getName(),
                folder.resolve("data").toString(),
                Integer.toString(kill))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).as(Files.readString(output)).isEqualTo(KILLED);
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  /** By transaction, the partitions that have it. */
  private static Map<String, TreeSet<Integer>> committed() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(settings(folder.resolve("data")))) {
      KafkaConnection kafka = broker.connection(Account.ADMIN);
      try (var last = producer(kafka)) {
        last.initTransactions(); // what was not committed ends
      }
      return read(kafka);
    }
  }

  private static Map<String, TreeSet<Integer>> read(KafkaConnection kafka) {
    Map<String, TreeSet<Integer>> read = new TreeMap<>();
    List<TopicPartition> partitions =
        IntStream.range(0, PARTITIONS).mapToObj(p -> new TopicPartition(TOPIC, p)).toList();
    var settings = Map.of("isolation.level", "read_committed", "auto.offset.reset", "earliest");
    try (var consumer =
            new KafkaConsumer<>(
                kafka.with(settings), new StringDeserializer(), new StringDeserializer());
        var uncommitted =
            new KafkaConsumer<>(
                kafka.with(Map.of()), new StringDeserializer(), new StringDeserializer())) {
      Map<TopicPartition, Long> ends = uncommitted.endOffsets(partitions);
      consumer.assign(partitions);
      await("the end of every partition")
          .atMost(LIMIT)
          .until(
              () -> {
                for (ConsumerRecord<String, String> r : consumer.poll(Duration.ofMillis(100))) {
                  read.computeIfAbsent(r.value(), v -> new TreeSet<>()).add(r.partition());
                }
                return partitions.stream().allMatch(p -> consumer.position(p) >= ends.get(p));
              });
    }
    return read;
  }
}
