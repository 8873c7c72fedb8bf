package io.banstream.bench;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * What an agent of nothing but Kafka's clients takes: one consumer, one idempotent producer, with
 * an agent's account and its topics. {@code BareClient BOOTSTRAP PROPERTIES}; tells {@code ready}
 * once the one has read and the other has sent, and goes on.
 */
final class BareClient {
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final String READ = "jails";
  private static final String WRITTEN = "hosts";

  /** With no value: of a host that is not there any more. */
  private static final byte[] KEY = "bare ingest".getBytes(StandardCharsets.UTF_8);

  private BareClient() {}

  public static void main(String[] args) throws Exception {
    var in = new ByteArrayDeserializer();
    var out = new ByteArraySerializer();
    try (var consumer = new KafkaConsumer<>(settings(args), in, in);
        var producer = new KafkaProducer<>(settings(args), out, out)) {
      List<TopicPartition> partitions = List.of(new TopicPartition(READ, 0));
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      boolean told = false;
      while (true) {
        consumer.poll(POLL);
        producer.send(new ProducerRecord<>(WRITTEN, KEY, null)).get();
        if (!told) {
          System.out.println("ready");
          told = true;
        }
      }
    }
  }

  private static Properties settings(String[] args) throws IOException {
    Properties settings = new Properties();
    try (Reader file = Files.newBufferedReader(Path.of(args[1]), StandardCharsets.UTF_8)) {
      settings.load(file);
    }
    settings.setProperty("bootstrap.servers", args[0]);
    settings.setProperty("enable.idempotence", "true");
    settings.setProperty("compression.type", "gzip");
    settings.setProperty("enable.metrics.push", "false");
    return settings;
  }
}
