package io.banstream.bench;

import io.banstream.processor.BareCounting;
import io.banstream.schemas.DecisionKey;
import io.banstream.schemas.KafkaConnection;
import io.banstream.schemas.Topics;
import io.banstream.schemas.Totals;
import io.banstream.standalone.run.FleetSettings;
import io.banstream.testkit.TestBroker;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/**
 * Failures a second that the processor takes from a topic that is full already, with all its rules,
 * exactly once; beside a Kafka Streams application that only counts, on the same records, with the
 * same settings. Broker and application share the machine. Both are killed at the end, and what
 * they have committed is counted: the one's from its changelog, the other's as it tells it when it
 * is started again.
 */
final class StreamFigures {
  private static final int RECORDS = Integer.getInteger("banstream.records", 1_000_000);
  private static final int ADDRESSES = Integer.getInteger("banstream.addresses", 100_000);
  private static final int PARTITIONS = 4;

  /** What was counted last is told within 100 ms and a commit. */
  private static final long TOLD_MS = 3_000;

  private static final List<String> JVM = List.of("-XX:+UseSerialGC", "-Xmx256m");

  private final TestBroker broker;
  private final KafkaConnection kafka;
  private final Admin admin;
  private final Path folder;

  private StreamFigures(TestBroker broker, KafkaConnection kafka, Admin admin, Path folder) {
    this.broker = broker;
    this.kafka = kafka;
    this.admin = admin;
    this.folder = folder;
  }

  static void print(Path folder) throws IOException, ExecutionException, InterruptedException {
    System.out.printf(
        "stream: %,d failures of %,d addresses, %d partitions, one thread%n",
        RECORDS, ADDRESSES, PARTITIONS);
    for (String kind : System.getProperty("banstream.stores", "memory,disk").split(",")) {
      double limit = run(folder.resolve("bare-" + kind), f -> f.bare(kind));
      double ours = run(folder.resolve("ours-" + kind), f -> f.ours(kind));
      System.out.printf("  %-40s %.2f of the limit%n", "the processor, " + kind, ours / limit);
    }
  }

  private interface Run {
    double on(StreamFigures figures) throws IOException, ExecutionException, InterruptedException;
  }

  /** On a broker of its own, its topics full. */
  private static double run(Path folder, Run run)
      throws IOException, ExecutionException, InterruptedException {
    Files.createDirectories(folder);
    try (TestBroker broker = TestBroker.start()) {
      KafkaConnection kafka =
          new KafkaConnection(
              Map.of("bootstrap.servers", broker.bootstrapServers()),
              new Topics(""),
              Optional.empty());
      try (Admin admin = Admin.create(kafka.with(Map.of()))) {
        kafka.topics().create(admin, PARTITIONS, (short) 1);
        try (AttemptLoad load = new AttemptLoad(kafka)) {
          load.sendPolicies(PARTITIONS);
          Thread.sleep(10); // the policies come before the failures, by append time
          load.send(RECORDS, ADDRESSES, Instant.now());
        }
        return run.on(new StreamFigures(broker, kafka, admin, folder));
      }
    }
  }

  private double bare(String kind) throws IOException, ExecutionException, InterruptedException {
    String out = BareCounting.NAME + "-out";
    admin.createTopics(List.of(new NewTopic(out, PARTITIONS, (short) 1))).all().get();
    double rate;
    try (Command bare =
        Command.java(
            List.of(),
            JVM,
            BareCounting.class,
            broker.bootstrapServers(),
            folder.toString(),
            kind)) {
      rate = rate(BareCounting.NAME);
      bare.kill();
    }
    Map<String, Long> counts = new HashMap<>();
    read(
        BareCounting.NAME + "-counts-changelog",
        (key, value) -> counts.put(key, ByteBuffer.wrap(value).getLong()));
    require(counts.values().stream().mapToLong(Long::longValue).sum());
    System.out.printf("  %-40s %,10.0f a second%n", "counting alone, " + kind, rate);
    return rate;
  }

  private double ours(String kind) throws IOException, ExecutionException, InterruptedException {
    double rate;
    try (Command process = process(kind)) {
      rate = rate(FleetSettings.APPLICATION_ID);
      process.kill();
    }
    try (Command again = process(kind)) {
      again.await("Ready");
      Thread.sleep(TOLD_MS);
      again.kill();
    }
    Map<String, Totals> totals = new HashMap<>();
    var values = kafka.serde(Totals.class).deserializer();
    read(kafka.topics().totals(), (key, value) -> totals.put(key, values.deserialize("", value)));
    List<Totals> fleet =
        totals.values().stream()
            .filter(t -> t.getHost().equals(DecisionKey.FLEET))
            .filter(t -> AttemptLoad.JAILS.contains(t.getJail()))
            .toList();
    require(fleet.stream().mapToLong(t -> t.getFailed() + t.getLate()).sum());
    System.out.printf(
        "  %-40s %,10.0f a second, %,d bans%n",
        "the processor, " + kind, rate, fleet.stream().mapToLong(Totals::getBanned).sum());
    return rate;
  }

  private Command process(String kind) throws IOException {
    return Command.banstream(
        List.of(),
        "process",
        "--bootstrap",
        broker.bootstrapServers(),
        "--data",
        folder.toString(),
        "--host",
        "one",
        "--stores",
        kind);
  }

  /** From the first commit to the last. */
  private double rate(String group) throws ExecutionException, InterruptedException {
    long first = 0;
    long begin = 0;
    while (true) {
      long done = committed(group);
      long now = System.nanoTime();
      if (done > 0 && begin == 0) {
        first = done;
        begin = now;
      }
      if (done >= RECORDS) {
        return (done - first) * 1e9 / (now - begin);
      }
      Thread.sleep(20);
    }
  }

  private long committed(String group) throws ExecutionException, InterruptedException {
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

  /** What is committed in a topic, in the order of its partitions' offsets. */
  private void read(String topic, BiConsumer<String, byte[]> each) {
    try (KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            kafka.with(Map.of("isolation.level", "read_committed")),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> partitions =
          IntStream.range(0, PARTITIONS).mapToObj(p -> new TopicPartition(topic, p)).toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        consumer.poll(Duration.ofMillis(200)).forEach(r -> each.accept(r.key(), r.value()));
      }
    }
  }

  private static void require(long counted) {
    if (counted != RECORDS) {
      throw new IllegalStateException("counted " + counted + " of " + RECORDS + " failures");
    }
  }
}
