package io.banstream.bench;

import io.banstream.schemas.Decision;
import io.banstream.schemas.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;

/**
 * From a failure handed to the producer to its ban read, committed, by a consumer; broker,
 * processor, producer and consumer share the machine. One failure of forty makes a ban.
 */
final class DecisionFigures {
  private static final int SECONDS = Integer.getInteger("banstream.seconds", 30);
  private static final int WARM_UP = 20;
  private static final List<Integer> RATES = List.of(100, 50_000);

  private DecisionFigures() {}

  static void print(Path folder) throws IOException, ExecutionException, InterruptedException {
    System.out.printf("decisions: failure produced to ban read, %d s each, ms%n", SECONDS);
    for (int rate : RATES) {
      try (FullTopics topics = new FullTopics();
          AttemptLoad load = new AttemptLoad(topics.kafka());
          Command process = topics.process(folder.resolve("at-" + rate), "disk")) {
        load.sendPolicies(FullTopics.PARTITIONS);
        process.await("Ready");
        send(load, rate, WARM_UP);
        awaitCaughtUp(topics);
        print(topics, load, rate);
      }
    }
  }

  /** What piled up while Java was compiling is no figure of the rate. */
  private static void awaitCaughtUp(FullTopics topics)
      throws ExecutionException, InterruptedException {
    while (topics.lag() > 0) {
      Thread.sleep(100);
    }
  }

  private static void print(FullTopics topics, AttemptLoad load, int rate) {
    AtomicBoolean over = new AtomicBoolean();
    CompletableFuture<List<Double>> reading =
        CompletableFuture.supplyAsync(() -> read(topics, over));
    double sent = send(load, rate, SECONDS);
    over.set(true);
    double[] millis = reading.join().stream().mapToDouble(d -> d).sorted().toArray();
    System.out.printf(
        "  %,7d wanted, %,9.0f failures a second, %,7d bans  p50 %7.1f  p99 %7.1f  max %7.1f%n",
        rate,
        sent,
        millis.length,
        millis[millis.length / 2],
        millis[millis.length * 99 / 100],
        millis[millis.length - 1]);
  }

  /** Every ban's time from its failure's, which is when it was sent. */
  private static List<Double> read(FullTopics topics, AtomicBoolean over) {
    String topic = topics.kafka().topics().decisions();
    Deserializer<Decision> values = topics.kafka().serde(Decision.class).deserializer();
    List<Double> millis = new ArrayList<>();
    try (KafkaConsumer<String, byte[]> consumer = topics.consumer()) {
      List<TopicPartition> partitions = FullTopics.partitions(topic);
      consumer.assign(partitions);
      consumer.seekToEnd(partitions);
      boolean more = true;
      while (more || !over.get()) {
        var records = consumer.poll(Duration.ofMillis(500));
        more = !records.isEmpty();
        Instant now = Instant.now();
        for (ConsumerRecord<String, byte[]> r : records) {
          Decision d = values.deserialize(topic, r.value());
          if (d.getVerdict() == Verdict.BAN && AttemptLoad.JAILS.contains(d.getJail())) {
            millis.add(Duration.between(d.getFrom(), now).toNanos() / 1e6);
          }
        }
      }
    }
    return millis;
  }

  /**
   * @return what was reached a second
   */
  private static double send(AttemptLoad load, int rate, int seconds) {
    SplittableRandom random = new SplittableRandom(rate);
    long begin = System.nanoTime();
    long end = begin + seconds * 1_000_000_000L;
    long sent = 0;
    while (System.nanoTime() < end) {
      long due = (System.nanoTime() - begin) * rate / 1_000_000_000L;
      for (; sent < due; sent++) {
        // Of eight failures one is an attacker's, who fails five times and is banned.
        boolean attacks = random.nextInt(8) == 0;
        load.send(attacks ? load.attacker() : 1_000_000 + random.nextInt(8_000_000), Instant.now());
      }
      load.hand();
      LockSupport.parkNanos(500_000);
    }
    return sent * 1e9 / (System.nanoTime() - begin);
  }
}
