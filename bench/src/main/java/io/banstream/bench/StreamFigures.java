package io.banstream.bench;

import io.banstream.bench.FullTopics.Rate;
import io.banstream.processor.BareCounting;
import io.banstream.schemas.Totals;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * Failures a second that the processor takes from a topic that is full already, with all its rules,
 * exactly once; beside a Kafka Streams application that only counts, on the same records, with the
 * same settings. Broker and application share the machine. Both are killed at the end, and what
 * they have committed is counted: the one's from its changelog, the other's as it tells it when it
 * is started again.
 */
final class StreamFigures {
  private static final int RECORDS = Integer.getInteger("banstream.records", 3_000_000);
  private static final int ADDRESSES = Integer.getInteger("banstream.addresses", 100_000);

  /** What was counted last is told within 100 ms and a commit. */
  static final long TOLD_MS = 3_000;

  private StreamFigures() {}

  static void print(Path folder) throws IOException, ExecutionException, InterruptedException {
    System.out.printf(
        "stream: %,d failures of %,d addresses, %d partitions, one thread%n",
        RECORDS, ADDRESSES, FullTopics.PARTITIONS);
    for (String kind : System.getProperty("banstream.stores", "memory,disk").split(",")) {
      Rate limit;
      try (FullTopics topics = full()) {
        limit = bare(topics, folder.resolve("bare-" + kind), kind);
      }
      try (FullTopics topics = full()) {
        Rate ours = ours(topics, folder.resolve("ours-" + kind), kind);
        System.out.printf("  %-25s %s%n", "the processor, " + kind, ours.of(limit));
      }
    }
  }

  private static FullTopics full() throws ExecutionException, InterruptedException {
    FullTopics topics = new FullTopics();
    try (AttemptLoad load = new AttemptLoad(topics.kafka())) {
      load.sendPolicies(FullTopics.PARTITIONS);
      load.send(RECORDS, ADDRESSES, Instant.now());
    }
    return topics;
  }

  private static Rate bare(FullTopics topics, Path data, String kind)
      throws IOException, ExecutionException, InterruptedException {
    String out = BareCounting.NAME + "-out";
    topics
        .admin()
        .createTopics(List.of(new NewTopic(out, FullTopics.PARTITIONS, (short) 1)))
        .all()
        .get();
    String brokers = topics.kafka().toString();
    Rate rate;
    try (Command bare =
        Command.java(
            List.of(), FullTopics.JVM, BareCounting.class, brokers, data.toString(), kind)) {
      rate = topics.rate(BareCounting.NAME, RECORDS);
      bare.kill();
    }
    Map<String, Long> counts = new HashMap<>();
    topics.read(
        BareCounting.NAME + "-counts-changelog",
        (key, value) -> counts.put(key, ByteBuffer.wrap(value).getLong()));
    require(counts.values().stream().mapToLong(Long::longValue).sum());
    System.out.printf("  %-25s %s%n", "counting alone, " + kind, rate);
    return rate;
  }

  private static Rate ours(FullTopics topics, Path data, String kind)
      throws IOException, ExecutionException, InterruptedException {
    Rate rate;
    try (Command process = topics.process(data, kind)) {
      rate = topics.rate(RECORDS);
      process.kill();
    }
    try (Command again = topics.process(data, kind)) {
      again.await("Ready");
      Thread.sleep(TOLD_MS);
      again.kill();
    }
    List<Totals> fleet = topics.fleetTotals();
    require(fleet.stream().mapToLong(t -> t.getFailed() + t.getLate()).sum());
    System.out.printf(
        "  %-25s %s, %,d bans%n",
        "the processor, " + kind, rate, fleet.stream().mapToLong(Totals::getBanned).sum());
    return rate;
  }

  private static void require(long counted) {
    if (counted != RECORDS) {
      throw new IllegalStateException("counted " + counted + " of " + RECORDS + " failures");
    }
  }
}
