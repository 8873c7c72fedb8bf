package io.banstream.console;

import io.banstream.schemas.AddressPartitioner;
import io.banstream.schemas.Alert;
import io.banstream.schemas.Attempt;
import io.banstream.schemas.Decision;
import io.banstream.schemas.DecisionKey;
import io.banstream.schemas.Enforcement;
import io.banstream.schemas.Evidence;
import io.banstream.schemas.Heartbeat;
import io.banstream.schemas.KafkaConnection;
import io.banstream.schemas.Key;
import io.banstream.schemas.Topics;
import io.banstream.schemas.Totals;
import io.banstream.testkit.TestBroker;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A real broker with topics of its own, and the other parts' records written by hand. */
final class Fleet implements AutoCloseable {
  static final int PARTITIONS = 4;

  final KafkaConnection kafka;
  private final KafkaProducer<String, byte[]> producer;

  /**
   * @param prefix of the topics: tests that share a broker keep apart by it
   */
  Fleet(TestBroker broker, String prefix) {
    Map<String, String> client = Map.of("bootstrap.servers", broker.bootstrapServers());
    kafka = new KafkaConnection(client, new Topics(prefix), Optional.empty());
    try (Admin admin = Admin.create(kafka.with(Map.of()))) {
      kafka.topics().create(admin, PARTITIONS, (short) 1);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    producer =
        new KafkaProducer<>(
            kafka.with(Map.of()), new StringSerializer(), new ByteArraySerializer());
  }

  void decided(Decision d) {
    sendByAddress(kafka.topics().decisions(), DecisionKey.of(d), d);
  }

  void proved(Decision d, Evidence e) {
    sendByAddress(kafka.topics().evidence(), DecisionKey.of(d), e);
  }

  void attempted(Attempt a) {
    send(kafka.topics().attempts(), null, a.getAddress(), a);
  }

  void counted(Totals t) {
    String key = Key.of("" + t.getPartition(), t.getJail(), t.getHost());
    send(kafka.topics().totals(), null, key, t);
  }

  void alerted(Alert a) {
    send(kafka.topics().alerts(), null, a.getHost(), a);
  }

  void alive(Heartbeat h) {
    send(kafka.topics().hosts(), null, Key.of(h.getHost(), h.getRole()), h);
  }

  void enforced(Enforcement e) {
    send(kafka.topics().enforcements(), null, Key.of(e.getHost(), e.getJail()), e);
  }

  void garbled(String topic, String key) {
    producer.send(new ProducerRecord<>(topic, key, "garbage".getBytes(StandardCharsets.UTF_8)));
    producer.flush();
  }

  private void sendByAddress(String topic, DecisionKey key, SpecificRecord value) {
    int partition = AddressPartitioner.partition(key.address().toString(), PARTITIONS);
    send(topic, partition, key.toString(), value);
  }

  @SuppressWarnings("unchecked")
  private <T extends SpecificRecord> void send(
      String topic, Integer partition, String key, T value) {
    byte[] bytes = kafka.serde((Class<T>) value.getClass()).serializer().serialize(topic, value);
    producer.send(new ProducerRecord<>(topic, partition, key, bytes));
    producer.flush();
  }

  <T extends SpecificRecord> List<T> read(String topic, Class<T> type) {
    List<T> values = new ArrayList<>();
    records(topic).forEach(r -> values.add(value(r, type)));
    return values;
  }

  List<ConsumerRecord<String, byte[]>> records(String topic) {
    List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
    CommittedTopic.read(kafka, topic, records::add);
    return records;
  }

  <T extends SpecificRecord> T value(ConsumerRecord<String, byte[]> r, Class<T> type) {
    return kafka.serde(type).deserializer().deserialize(r.topic(), r.value());
  }

  @Override
  public void close() {
    producer.close();
  }
}
