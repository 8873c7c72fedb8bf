package io.banstream.processor;

import io.banstream.schemas.KafkaConnection;
import io.banstream.schemas.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.LongSerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/**
 * The limit that the processor is measured against: a Kafka Streams application with the same
 * settings and kind of store, and pace of commits, that reads the attempts, keeps one counter an
 * address, and writes it.
 */
public final class BareCounting {
  /** Names its group, its internal topics and, with {@code -out}, its output topic. */
  public static final String NAME = "bare-counting";

  private static final String STORE = "counts";
  private static final Duration BETWEEN_TURNS = Duration.ofMillis(10);

  private BareCounting() {}

  /** Arguments: brokers, the state folder, memory or disk. */
  public static void main(String[] args) throws InterruptedException {
    KafkaConnection kafka =
        new KafkaConnection(Map.of("bootstrap.servers", args[0]), new Topics(""), Optional.empty());
    StoreKind kind = StoreKind.parse(args[2]);
    ProcessorSettings settings =
        new ProcessorSettings(kafka, Path.of(args[1]), NAME, "one", 1, kind);
    CommitPace pace = new CommitPace(); // of its one thread
    Topology topology =
        new Topology()
            .addSource(
                "in",
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer(),
                kafka.topics().attempts())
            .addProcessor("count", () -> new Counter(pace), "in")
            .addStateStore(
                Stores.keyValueStoreBuilder(
                        kind.found(STORE, new Counts()), Serdes.ByteArray(), Serdes.Long())
                    .withCachingEnabled(),
                "count")
            .addSink(
                "out", NAME + "-out", new ByteArraySerializer(), new LongSerializer(), "count");
    try (KafkaStreams streams = new KafkaStreams(topology, StreamsSettings.of(settings))) {
      streams.start();
      System.out.println("Ready");
      Thread.currentThread().join();
    }
  }

  private static final class Counter implements Processor<byte[], byte[], byte[], Long> {
    private final CommitPace pace;
    private ProcessorContext<byte[], Long> context;
    private KeyValueStore<byte[], Long> counts;

    Counter(CommitPace pace) {
      this.pace = pace;
    }

    @Override
    public void init(ProcessorContext<byte[], Long> taskContext) {
      context = taskContext;
      counts = context.getStateStore(STORE);
      context.schedule(BETWEEN_TURNS, PunctuationType.WALL_CLOCK_TIME, now -> commitIfDue());
    }

    @Override
    public void process(Record<byte[], byte[]> record) {
      Long before = counts.get(record.key());
      long now = before == null ? 1 : before + 1;
      counts.put(record.key(), now);
      context.forward(record.withValue(now));
      pace.want(context.currentSystemTimeMs() - record.timestamp());
      commitIfDue();
    }

    private void commitIfDue() {
      if (pace.due(context.currentSystemTimeMs())) {
        context.commit();
      }
    }
  }
}
