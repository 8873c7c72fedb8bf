package io.banstream.processor;

import io.banstream.schemas.AddressPartitioner;
import io.banstream.schemas.Alert;
import io.banstream.schemas.Applied;
import io.banstream.schemas.Attempt;
import io.banstream.schemas.Command;
import io.banstream.schemas.DeadLetter;
import io.banstream.schemas.Decision;
import io.banstream.schemas.Evidence;
import io.banstream.schemas.KafkaConnection;
import io.banstream.schemas.Key;
import io.banstream.schemas.Topics;
import io.banstream.schemas.Totals;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * The topology: {@code attempts}, as {@link AttemptFolding} folds them, and {@code commands},
 * partition by partition, into one task that tells {@code decisions}, {@code evidence}, {@code
 * alerts}, {@code totals}, {@code applied} and {@code dead-letters}; and {@code commands}, where
 * its notes of banned addresses come back, to the task that their network belongs to.
 */
final class BanTopology {
  private static final String ATTEMPTS = "attempts";
  private static final String COMMANDS = "commands";
  private static final String RULES = "rules";

  private BanTopology() {}

  static Topology build(
      KafkaConnection kafka, RegistryPatience registry, StoreKind stores, Counts counts) {
    Topics topics = kafka.topics();
    Deserializer<byte[]> bytes = new ByteArrayDeserializer(); // what can't be read is a dead letter
    return new Topology()
        .addSource(ATTEMPTS, bytes, bytes, topics.attempts())
        .addSource(COMMANDS, bytes, bytes, topics.commands())
        .addProcessor(RULES, new Tasks(kafka, registry, stores, counts), ATTEMPTS, COMMANDS)
        .addSink(
            Output.DECISIONS,
            topics.decisions(),
            new StringSerializer(),
            values(kafka, registry, Decision.class),
            byAddress(),
            RULES)
        .addSink(
            Output.EVIDENCE,
            topics.evidence(),
            new StringSerializer(),
            values(kafka, registry, Evidence.class),
            byAddress(),
            RULES)
        .addSink(
            Output.ALERTS,
            topics.alerts(),
            new StringSerializer(),
            values(kafka, registry, Alert.class),
            RULES)
        .addSink(
            Output.TOTALS,
            topics.totals(),
            new StringSerializer(),
            values(kafka, registry, Totals.class),
            RULES)
        .addSink(
            Output.COMMANDS,
            topics.commands(),
            new StringSerializer(),
            values(kafka, registry, Command.class),
            byAddress(),
            RULES)
        .addSink(
            Output.APPLIED,
            topics.applied(),
            new StringSerializer(),
            values(kafka, registry, Applied.class),
            (topic, key, value, partitions) -> Optional.of(Set.of(value.getPartition())),
            RULES)
        .addSink(
            Output.DEAD_LETTERS,
            topics.deadLetters(),
            new StringSerializer(),
            values(kafka, registry, DeadLetter.class),
            RULES);
  }

  private static <T extends SpecificRecord> Serializer<T> values(
      KafkaConnection kafka, RegistryPatience registry, Class<T> type) {
    return registry.serializer(kafka.serde(type));
  }

  /** By the key's address alone, so that a decision meets what is said of its address. */
  private static <V> StreamPartitioner<String, V> byAddress() {
    return (topic, key, value, partitions) ->
        Optional.of(Set.of(AddressPartitioner.partition(Key.parts(key).get(0), partitions)));
  }

  /** Makes each task with its stores. */
  private record Tasks(
      Deserializer<Attempt> attempts,
      Deserializer<Command> commands,
      Topics topics,
      ThreadLocal<CommitPace> paces,
      StoreKind kind,
      Counts counts)
      implements ProcessorSupplier<byte[], byte[], String, SpecificRecord> {
    Tasks(KafkaConnection kafka, RegistryPatience registry, StoreKind kind, Counts counts) {
      this(
          registry.deserializer(kafka.serde(Attempt.class)),
          registry.deserializer(kafka.serde(Command.class)),
          kafka.topics(),
          ThreadLocal.withInitial(CommitPace::new),
          kind,
          counts);
    }

    @Override
    public Processor<byte[], byte[], String, SpecificRecord> get() {
      return new BanTask(topics, attempts, commands, paces, counts);
    }

    @Override
    public Set<StoreBuilder<?>> stores() {
      return TaskStores.all(kind, counts);
    }
  }
}
