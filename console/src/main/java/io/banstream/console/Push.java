package io.banstream.console;

import io.banstream.jails.Jail;
import io.banstream.jails.JailRecords;
import io.banstream.schemas.Command;
import io.banstream.schemas.JailRecord;
import io.banstream.schemas.KafkaConnection;
import io.banstream.schemas.Key;
import io.banstream.schemas.PolicyMarker;
import io.banstream.schemas.Reason;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Puts a group's jails in force: the marker in every partition of {@code commands} first, then the
 * records of {@code jails}, each in a transaction of its own.
 *
 * <p>Every push of a fleet takes the same transactional id. So a later push shuts out an earlier
 * one that is still at it: the earlier one fails and says so, and what the later one read is whole.
 */
final class Push {
  /**
   * A broker may refuse the first record of a transaction while it is still closing the one before
   * (INVALID_TXN_STATE, seen under load with 4.3.1; KAFKA-18575 is of that kind). That ends the
   * producer. A push reads what stands and may be repeated: with another producer it goes on.
   */
  private static final int TRIES = 3;

  private final KafkaConnection kafka;
  private final InstantSource clock;

  Push(KafkaConnection kafka, InstantSource clock) {
    this.kafka = kafka;
    this.clock = clock;
  }

  PushReport run(String group, List<Jail> jails, boolean pushRules, String who) {
    for (int left = TRIES - 1; ; left--) {
      try {
        return tryOnce(group, jails, pushRules, who);
      } catch (KafkaException e) {
        if (!(e instanceof InvalidTxnStateException) || left == 0) {
          throw new ConsoleException("push to " + kafka + " failed: " + Reason.of(e), e);
        }
      }
    }
  }

  private PushReport tryOnce(String group, List<Jail> jails, boolean pushRules, String who) {
    try (KafkaProducer<String, byte[]> producer = producer()) {
      producer.initTransactions();
      PushPlan plan = PushPlan.of(standing(), Key.requirePart(group), jails, pushRules);
      mark(producer, plan, who);
      write(producer, group, plan);
      return plan.report();
    } catch (ProducerFencedException | InvalidProducerEpochException e) {
      throw new ConsoleException(
          "another push began while this one ran: that one is in force, push again to change it",
          e);
    }
  }

  private KafkaProducer<String, byte[]> producer() {
    return new KafkaProducer<>(
        kafka.with(
            Map.of(
                "transactional.id",
                kafka.topics().prefix() + "banstream-push",
                "client.id",
                "banstream-push")),
        new StringSerializer(),
        new ByteArraySerializer());
  }

  private StandingJails standing() {
    Map<String, JailRecord> records = new TreeMap<>();
    String jails = kafka.topics().jails();
    CommittedTopic.read(
        kafka,
        jails,
        r -> {
          records.remove(r.key());
          readable(JailRecord.class, r)
              .filter(jail -> isSound(r.key(), jail))
              .ifPresent(jail -> records.put(r.key(), jail));
        });
    Map<Integer, PolicyMarker> markers = new TreeMap<>();
    String commands = kafka.topics().commands();
    int partitions =
        CommittedTopic.read(
            kafka,
            commands,
            r ->
                readable(Command.class, r)
                    .map(Command::getOrder)
                    .filter(PolicyMarker.class::isInstance)
                    .ifPresent(m -> markers.put(r.partition(), (PolicyMarker) m)));
    List<Optional<PolicyMarker>> newest = new ArrayList<>();
    for (int p = 0; p < partitions; p++) {
      newest.add(Optional.ofNullable(markers.get(p)));
    }
    return new StandingJails(List.copyOf(records.values()), newest);
  }

  /** A record that is none of ours stands in nobody's way: a push puts its own over it. */
  private <T extends SpecificRecord> Optional<T> readable(
      Class<T> type, ConsumerRecord<String, byte[]> r) {
    try {
      return Optional.ofNullable(
          kafka.serde(type).deserializer().deserialize(r.topic(), r.value()));
    } catch (SerializationException e) {
      return Optional.empty();
    }
  }

  private static boolean isSound(String key, JailRecord r) {
    try {
      return Key.of(r.getGroup(), JailRecords.jail(r).name()).equals(key);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private void mark(KafkaProducer<String, byte[]> producer, PushPlan plan, String who) {
    PolicyMarker marker =
        new PolicyMarker(
            plan.report().version(), List.copyOf(plan.policies().values()), plan.partitions());
    Command command = new Command(clock.instant(), who, null, marker);
    String topic = kafka.topics().commands();
    byte[] value = kafka.serde(Command.class).serializer().serialize(topic, command);
    transact(
        producer,
        plan.markTo().stream().map(p -> new ProducerRecord<>(topic, p, "", value)).toList());
  }

  private void write(KafkaProducer<String, byte[]> producer, String group, PushPlan plan) {
    String topic = kafka.topics().jails();
    var serde = kafka.serde(JailRecord.class).serializer();
    List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
    for (JailRecord r : plan.records()) {
      String key = Key.of(r.getGroup(), r.getJail());
      records.add(new ProducerRecord<>(topic, key, serde.serialize(topic, r)));
    }
    for (String jail : plan.tombstones()) {
      records.add(new ProducerRecord<>(topic, Key.of(group, jail), null));
    }
    transact(producer, records);
  }

  private static void transact(
      KafkaProducer<String, byte[]> producer, List<ProducerRecord<String, byte[]>> records) {
    if (!records.isEmpty()) {
      producer.beginTransaction();
      records.forEach(producer::send); // a failed send fails the commit
      producer.commitTransaction();
    }
  }
}
