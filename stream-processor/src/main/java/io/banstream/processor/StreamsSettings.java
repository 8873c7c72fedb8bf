package io.banstream.processor;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

/** Kafka Streams' own settings. */
final class StreamsSettings {
  /** Each holds a poll's records of a partition, up to a MiB. */
  private static final int FOLDS_AHEAD = 2;

  private StreamsSettings() {}

  /** For {@link BanTopology}. */
  static StreamsConfig folding(ProcessorSettings settings) {
    Map<String, Object> own = own(settings);
    own.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG),
        AttemptFolding.class.getName());
    own.put(
        StreamsConfig.mainConsumerPrefix(AttemptFolding.TOPIC),
        settings.kafka().topics().attempts());
    own.put(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, FOLDS_AHEAD);
    return new StreamsConfig(settings.kafka().with(own));
  }

  /** For a topology that takes record by record. */
  static StreamsConfig of(ProcessorSettings settings) {
    return new StreamsConfig(settings.kafka().with(own(settings)));
  }

  private static Map<String, Object> own(ProcessorSettings settings) {
    Map<String, Object> own = new HashMap<>();
    own.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.applicationId());
    own.put(StreamsConfig.STATE_DIR_CONFIG, settings.data().toString());
    own.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
    own.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    // The tasks ask for their commits themselves (CommitPace). Streams' own commits, which come
    // whatever else does, held up who is behind.
    own.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 5_000);
    own.put(StreamsConfig.POLL_MS_CONFIG, 5);
    own.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0); // the tasks keep their own
    own.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, settings.standbys());
    own.put(StreamsConfig.PROCESSING_EXCEPTION_HANDLER_GLOBAL_ENABLED_CONFIG, true);
    own.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, SmallRocksDb.class);
    // 0: what the broker is known to hold of either topic is waited for, so attempts and commands
    // are taken in the order of their append times; above it, an idle topic would delay the other.
    own.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, 0);
    // A static member that comes back takes up its tasks at once; one that does not is replaced
    // after the shortest session that brokers allow unless told otherwise.
    own.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG),
        settings.instance());
    own.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 6_000);
    own.put(StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 1_500);
    // A commit waits until all it wrote is acknowledged: four times Kafka's own size is fewer
    // requests.
    own.put(StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), 1 << 16);
    // A killed processor's transaction is aborted when it starts again (same state folder, same
    // transactional id); where it doesn't, readers wait for no longer than this.
    own.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), 10_000);
    return own;
  }
}
