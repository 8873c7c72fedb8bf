package io.banstream.enforcer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.banstream.schemas.KafkaConnection;
import io.banstream.schemas.Topics;
import io.banstream.testkit.TestBroker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A feed on a real broker, with more records than one poll brings. */
class FeedIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration WAIT = Duration.ofMillis(200);
  private static final int PARTITIONS = 2;
  private static final int RECORDS = 45_000;

  private static TestBroker broker;
  private static int count;

  private final List<String> taken = new ArrayList<>();
  private final Table table = new Table("relay1");
  private KafkaConnection kafka;

  @BeforeAll
  static void startBroker() {
    broker = TestBroker.start();
  }

  @AfterAll
  static void stopBroker() {
    broker.close();
  }

  @BeforeEach
  void topics() throws Exception {
    kafka = connection(broker.bootstrapServers());
    try (Admin admin = Admin.create(kafka.with(Map.of()))) {
      kafka.topics().create(admin, PARTITIONS, (short) 1);
    }
  }

  private static KafkaConnection connection(String servers) {
    return new KafkaConnection(
        Map.of("bootstrap.servers", servers), new Topics("t" + ++count + "."), Optional.empty());
  }

  private void decisions(int from, int to) throws Exception {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            kafka.with(Map.of()), new ByteArraySerializer(), new ByteArraySerializer())) {
      for (int i = from; i < to; i++) {
        byte[] value = String.valueOf(i).getBytes(StandardCharsets.US_ASCII);
        sent.add(
            producer.send(
                new ProducerRecord<>(
                    kafka.topics().decisions(), i % PARTITIONS, new byte[] {1}, value)));
        if (i < from + PARTITIONS) {
          // A new partition that refuses a producer's first batch and takes the next never takes
          // the first again.
          sent.get(sent.size() - 1).get();
        }
      }
    }
    for (Future<RecordMetadata> each : sent) {
      each.get();
    }
  }

  private Step noting(ConsumerRecord<byte[], byte[]> record) {
    String value = new String(record.value(), StandardCharsets.US_ASCII);
    return (table, touched) -> taken.add(value);
  }

  private Optional<Feed.Batch> next(Feed feed) throws InterruptedException {
    Optional<Feed.Batch> batch = feed.poll(WAIT);
    batch.ifPresent(b -> b.steps().forEach(step -> step.take(table, new Touched())));
    return batch;
  }

  @Test
  void readsEachPartitionInItsOrderAndSaysHowFarWithEachBatch() throws Exception {
    decisions(0, RECORDS);
    try (Feed feed = Feed.open(kafka, this::noting)) {
      await()
          .atMost(LIMIT)
          .until(
              () -> {
                Optional<Feed.Batch> batch = next(feed);
                Map<Integer, Long> read = new HashMap<>();
                for (int p = 0; p < PARTITIONS; p++) {
                  read.put(p, of(p).size() * 1L);
                }
                batch.ifPresent(b -> assertThat(b.positions()).isEqualTo(read));
                batch.ifPresent(b -> assertThat(b.caughtUp()).isEqualTo(taken.size() == RECORDS));
                return taken.size() == RECORDS;
              });
      decisions(RECORDS, RECORDS + 1);
      await().atMost(LIMIT).until(() -> next(feed).isPresent() && taken.size() > RECORDS);
    }
    for (int p = 0; p < PARTITIONS; p++) {
      assertThat(of(p)).isSortedAccordingTo((a, b) -> a - b).doesNotHaveDuplicates();
    }
  }

  private List<Integer> of(int partition) {
    return taken.stream().map(Integer::valueOf).filter(i -> i % PARTITIONS == partition).toList();
  }

  @Test
  void whatEndsTheReadingIsRaisedBehindWhatWasReadBefore() throws Exception {
    decisions(0, RECORDS);
    CompletableFuture<Feed> opened = new CompletableFuture<>();
    AtomicInteger read = new AtomicInteger();
    AtomicBoolean failed = new AtomicBoolean();
    Function<ConsumerRecord<byte[], byte[]>, Step> failing =
        record -> {
          if (opened.join().hasMany()) {
            failed.set(true);
            throw new TimeoutException("of a test");
          }
          read.incrementAndGet();
          return noting(record);
        };
    try (Feed feed = Feed.open(kafka, failing)) {
      opened.complete(feed);
      await().atMost(LIMIT).untilTrue(failed);
      assertThat(next(feed)).isPresent();
      assertThat(taken).hasSize(read.get());
      await()
          .atMost(LIMIT)
          .untilAsserted(
              () -> assertThatThrownBy(() -> feed.poll(WAIT)).isInstanceOf(TimeoutException.class));
    }
    assertThat(taken).hasSize(read.get());
  }

  @Test
  void aPollThatBroughtNothingIsNotMany() {
    AtomicInteger polls = new AtomicInteger();
    try (Feed feed = Feed.open(kafka, this::noting)) {
      await()
          .pollInterval(WAIT.multipliedBy(2)) // the next one waits by then
          .atMost(LIMIT)
          .until(
              () -> {
                assertThat(feed.hasMany()).isFalse();
                return next(feed).isPresent() && polls.incrementAndGet() == 5;
              });
    }
  }

  @Test
  void anErrorIsNoEndOfTheFeedAlone() throws Exception {
    decisions(0, 1);
    Function<ConsumerRecord<byte[], byte[]>, Step> broken =
        record -> {
          throw new OutOfMemoryError("of a test");
        };
    try (Feed feed = Feed.open(kafka, broken)) {
      await()
          .atMost(LIMIT)
          .untilAsserted(
              () -> assertThatThrownBy(() -> feed.poll(WAIT)).isInstanceOf(OutOfMemoryError.class));
    }
  }

  @Test
  void aTopicOrABrokerThatIsNotThereIsKafkasError() {
    for (KafkaConnection missing :
        List.of(connection(broker.bootstrapServers()), connection("127.0.0.1:1"))) {
      try (Feed feed = Feed.open(missing, this::noting)) {
        await()
            .atMost(LIMIT)
            .untilAsserted(
                () -> assertThatThrownBy(() -> feed.poll(WAIT)).isInstanceOf(KafkaException.class));
      }
    }
  }

  @Test
  void closesWhileABatchWaitsToBeTaken() throws Exception {
    decisions(0, RECORDS);
    Feed feed = Feed.open(kafka, this::noting);
    await().atMost(LIMIT).until(() -> next(feed).isPresent());
    feed.close();
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().equals("enforcer-feed"));
  }
}
