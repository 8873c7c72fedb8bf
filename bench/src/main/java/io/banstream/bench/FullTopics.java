package io.banstream.bench;

import io.banstream.schemas.DecisionKey;
import io.banstream.schemas.KafkaConnection;
import io.banstream.schemas.Topics;
import io.banstream.schemas.Totals;
import io.banstream.standalone.run.FleetSettings;
import io.banstream.testkit.TestBroker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** A broker of its own with our topics, and what a processor does with what is put there. */
final class FullTopics implements AutoCloseable {
  static final int PARTITIONS = 4;

  /** The same for the processor and for what it is held against. */
  static final List<String> JVM = List.of("-XX:+UseSerialGC", "-Xmx256m");

  private static final Duration POLL = Duration.ofMillis(200);

  private final TestBroker broker = TestBroker.start();
  private final KafkaConnection kafka =
      new KafkaConnection(
          Map.of("bootstrap.servers", broker.bootstrapServers()), new Topics(""), Optional.empty());
  private final Admin admin = Admin.create(kafka.with(Map.of()));

  FullTopics() throws ExecutionException, InterruptedException {
    kafka.topics().create(admin, PARTITIONS, (short) 1);
  }

  KafkaConnection kafka() {
    return kafka;
  }

  Admin admin() {
    return admin;
  }

  /**
   * A processor as it is shipped, on these topics.
   *
   * @param stores memory or disk
   */
  Command process(Path data, String stores, String... more) throws IOException {
    List<String> args =
        new ArrayList<>(
            List.of(
                "process",
                "--bootstrap",
                broker.bootstrapServers(),
                "--data",
                data.toString(),
                "--host",
                "one",
                "--stores",
                stores));
    args.addAll(List.of(more));
    return Command.banstream(List.of(), args.toArray(String[]::new));
  }

  /**
   * Attempts a second, as they are committed.
   *
   * @param whole from the first commit to the last
   * @param warm of their second half alone: by then Java has compiled what runs most
   */
  record Rate(double whole, double warm) {
    /** Both, as parts of another's. */
    String of(Rate limit) {
      return String.format("%.2f, warm %.2f of the limit", whole / limit.whole, warm / limit.warm);
    }

    @Override
    public String toString() {
      return String.format("%,9.0f a second, warm %,9.0f", whole, warm);
    }
  }

  /** Waits until a group has committed so many attempts. */
  Rate rate(String group, long records) throws ExecutionException, InterruptedException {
    Commits first = Commits.NONE;
    Commits middle = Commits.NONE;
    while (true) {
      Commits now = new Commits(committed(group), System.nanoTime());
      if (first.attempts == 0) {
        first = now;
      }
      if (middle.attempts == 0 && now.attempts >= records / 2) {
        middle = now;
      }
      if (now.attempts >= records) {
        return new Rate(now.rateSince(first), now.rateSince(middle));
      }
      Thread.sleep(20);
    }
  }

  private record Commits(long attempts, long nanos) {
    static final Commits NONE = new Commits(0, 0);

    double rateSince(Commits earlier) {
      return (attempts - earlier.attempts) * 1e9 / (nanos - earlier.nanos);
    }
  }

  /** The processor's. */
  Rate rate(long records) throws ExecutionException, InterruptedException {
    return rate(FleetSettings.APPLICATION_ID, records);
  }

  private long committed(String group) throws InterruptedException {
    try {
      return admin
          .listConsumerGroupOffsets(group)
          .partitionsToOffsetAndMetadata()
          .get()
          .entrySet()
          .stream()
          .filter(e -> e.getKey().topic().equals(kafka.topics().attempts()) && e.getValue() != null)
          .mapToLong(e -> e.getValue().offset())
          .sum();
    } catch (ExecutionException e) {
      return 0; // no such group yet
    }
  }

  /** Attempts that the processor has not committed. */
  long lag() throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    partitions(kafka.topics().attempts()).forEach(p -> asked.put(p, OffsetSpec.latest()));
    long end =
        admin.listOffsets(asked).all().get().values().stream().mapToLong(o -> o.offset()).sum();
    return end - committed(FleetSettings.APPLICATION_ID);
  }

  KafkaConsumer<String, byte[]> consumer() {
    return new KafkaConsumer<>(
        kafka.with(Map.of("isolation.level", "read_committed")),
        new StringDeserializer(),
        new ByteArrayDeserializer());
  }

  static List<TopicPartition> partitions(String topic) {
    return IntStream.range(0, PARTITIONS).mapToObj(p -> new TopicPartition(topic, p)).toList();
  }

  /** What is committed in a topic, in the order of its partitions' offsets. */
  void read(String topic, BiConsumer<String, byte[]> each) {
    try (KafkaConsumer<String, byte[]> consumer = consumer()) {
      List<TopicPartition> partitions = partitions(topic);
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        consumer.poll(POLL).forEach(r -> each.accept(r.key(), r.value()));
      }
    }
  }

  /** What was counted, by partition, of each of the load's jails over all hosts. */
  List<Totals> fleetTotals() {
    Map<String, Totals> totals = new HashMap<>();
    var values = kafka.serde(Totals.class).deserializer();
    read(kafka.topics().totals(), (key, value) -> totals.put(key, values.deserialize("", value)));
    return totals.values().stream()
        .filter(t -> t.getHost().equals(DecisionKey.FLEET))
        .filter(t -> AttemptLoad.JAILS.contains(t.getJail()))
        .toList();
  }

  @Override
  public void close() {
    admin.close();
    broker.close();
  }
}
