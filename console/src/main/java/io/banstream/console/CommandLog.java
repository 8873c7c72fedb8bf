package io.banstream.console;

import io.banstream.schemas.AddressPartitioner;
import io.banstream.schemas.AllowRecord;
import io.banstream.schemas.Command;
import io.banstream.schemas.KafkaConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Writes to {@code commands} and {@code allows}, and waits for the acknowledgement. */
final class CommandLog implements AutoCloseable {
  private static final int PATIENCE_S = 15;
  private static final String EVERY_PARTITION = "";

  private final KafkaConnection kafka;
  private final KafkaProducer<String, byte[]> producer;

  CommandLog(KafkaConnection kafka) {
    this.kafka = kafka;
    this.producer =
        new KafkaProducer<>(
            kafka.with(
                Map.of(
                    "acks", "all",
                    "enable.idempotence", "true",
                    "linger.ms", "0",
                    "max.block.ms", PATIENCE_S * 1000,
                    "request.timeout.ms", PATIENCE_S * 500,
                    "delivery.timeout.ms", PATIENCE_S * 1000,
                    "client.id", "banstream-operator")),
            new StringSerializer(),
            new ByteArraySerializer());
  }

  void toPartitionOf(String address, Command command) {
    toPartitionsOf(Map.of(address, List.of(command)));
  }

  /**
   * @param orders by address, each address's in their order
   */
  void toPartitionsOf(Map<String, List<Command>> orders) {
    String topic = kafka.topics().commands();
    int partitions = partitions(topic);
    List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
    orders.forEach(
        (address, commands) -> {
          int partition = AddressPartitioner.partition(address, partitions);
          for (Command command : commands) {
            records.add(
                new ProducerRecord<>(
                    topic, partition, address, value(topic, Command.class, command)));
          }
        });
    send(records);
  }

  void toEveryPartition(Command command) {
    String topic = kafka.topics().commands();
    byte[] value = value(topic, Command.class, command);
    List<ProducerRecord<String, byte[]>> records = new ArrayList<>();
    for (int p = 0; p < partitions(topic); p++) {
      records.add(new ProducerRecord<>(topic, p, EVERY_PARTITION, value));
    }
    send(records);
  }

  void putAllow(String target, Optional<AllowRecord> allow) {
    String topic = kafka.topics().allows();
    byte[] value = allow.map(a -> value(topic, AllowRecord.class, a)).orElse(null);
    send(List.of(new ProducerRecord<>(topic, target, value)));
  }

  private <T extends SpecificRecord> byte[] value(String topic, Class<T> type, T value) {
    try {
      return kafka.serde(type).serializer().serialize(topic, value);
    } catch (KafkaException e) {
      throw refused(topic, e);
    }
  }

  private int partitions(String topic) {
    try {
      return producer.partitionsFor(topic).size();
    } catch (KafkaException e) {
      throw refused(topic, e);
    }
  }

  private void send(List<ProducerRecord<String, byte[]>> records) {
    String topic = records.get(0).topic();
    try {
      List<Future<?>> sent = new ArrayList<>();
      records.forEach(r -> sent.add(producer.send(r)));
      for (Future<?> acknowledged : sent) {
        acknowledged.get(PATIENCE_S, TimeUnit.SECONDS);
      }
    } catch (ExecutionException e) {
      throw refused(topic, e.getCause());
    } catch (TimeoutException | KafkaException e) {
      throw refused(topic, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw refused(topic, e);
    }
  }

  private ConsoleException refused(String topic, Throwable cause) {
    return new ConsoleException(
        "Kafka at "
            + kafka
            + " did not take the order (topic "
            + topic
            + "): "
            + cause.getMessage(),
        cause);
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(PATIENCE_S));
  }
}
