package io.banstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.banstream.testkit.TestRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.apache.avro.Schema;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a plain consumer finds on the topics of {@code up --registry}: the Confluent wire format, by
 * schemas that the registry knows. With {@code -Dbanstream.registry=URL} before a real one.
 */
class WireFormatIT {
  private static final Map<String, Set<String>> TYPES =
      Map.of(
          "attempts", Set.of("Attempt"),
          "decisions", Set.of("Decision"),
          "evidence", Set.of("Evidence"),
          "totals", Set.of("Totals"),
          "jails", Set.of("JailRecord"),
          "commands", Set.of("Command"),
          "allows", Set.of("AllowRecord"),
          "enforcements", Set.of("Enforcement"),
          "hosts", Set.of("Heartbeat"),
          "dead-letters", Set.of("DeadLetter"));

  @TempDir Path folder;

  @Test
  void everyRecordIsOfASchemaThatTheRegistryKnows() throws Exception {
    Path data = folder.resolve("data");
    Path log = folder.resolve("maillog");
    new MailLog(log, "relay1").saslFailures("203.0.113.1", 3);
    Files.writeString(
        Files.createDirectories(folder.resolve("config")).resolve("jail.local"),
        "[postfix-sasl]\nenabled = true\nmaxretry = 3\nlogpath = " + log + "\n");
    try (TestRegistry registry = TestRegistry.start();
        Banstream up =
            Banstream.start(
                "up",
                "--registry",
                registry.url(),
                "--listen",
                "127.0.0.1:0",
                "--config",
                folder.resolve("config").toString(),
                "--data",
                data.toString(),
                "--firewall",
                "dry-run",
                "--http",
                "127.0.0.1:0",
                "--host",
                "relay1")) {
      String page = up.awaitLine("Ready: ").replace("Ready: ", "");
      up.awaitLine("Ban 203.0.113.1 in postfix-sasl");
      Banstream.run(
          List.of(),
          Map.of("BANSTREAM_DATA", data.toString(), "BANSTREAM_CONSOLE", page),
          "allow",
          "198.51.100.0/24");
      writeRubbish(client(data, "ingest"));

      await("a record in every topic")
          .atMost(Banstream.LIMIT)
          .untilAsserted(
              () ->
                  assertThat(schemasByTopic(client(data, "console"), registry.url()))
                      .isEqualTo(TYPES));
    }
  }

  private static void writeRubbish(Properties ingest) throws Exception {
    var bytes = new ByteArraySerializer();
    try (var producer = new KafkaProducer<>(ingest, bytes, bytes)) {
      producer.send(new ProducerRecord<>("attempts", new byte[] {1, 2, 3})).get();
    }
  }

  /** The names of the record types found in each topic. */
  private static Map<String, Set<String>> schemasByTopic(Properties console, String registry)
      throws IOException, InterruptedException {
    Map<String, Set<String>> found = new HashMap<>();
    var bytes = new ByteArrayDeserializer();
    try (var consumer = new KafkaConsumer<>(console, bytes, bytes)) {
      for (String topic : TYPES.keySet()) {
        for (byte[] value : values(consumer, topic)) {
          if (topic.equals("attempts") && value.length == 3) {
            continue; // the rubbish
          }
          assertThat(value).as(topic).startsWith(0);
          int id = ByteBuffer.wrap(value, 1, 4).getInt();
          found.computeIfAbsent(topic, t -> new TreeSet<>()).add(typeOf(id, registry));
        }
      }
    }
    return found;
  }

  private static List<byte[]> values(KafkaConsumer<byte[], byte[]> consumer, String topic) {
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(p -> new TopicPartition(topic, p.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    List<byte[]> values = new ArrayList<>();
    while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
      consumer.poll(Duration.ofMillis(100)).forEach(r -> values.add(r.value()));
    }
    values.removeIf(v -> v == null);
    return values;
  }

  private static String typeOf(int id, String registry) throws IOException, InterruptedException {
    String answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(registry + "/schemas/ids/" + id)).build(),
                BodyHandlers.ofString())
            .body();
    return new Schema.Parser()
        .parse(new ObjectMapper().readTree(answer).get("schema").asText())
        .getName();
  }

  private static Properties client(Path data, String role) throws IOException {
    Properties properties = new Properties();
    try (InputStream in =
        Files.newInputStream(data.resolve("clients").resolve(role + ".properties"))) {
      properties.load(in);
    }
    assertThat(properties.remove("schema.registry.url"))
        .as("the registry, told to agents")
        .isNotNull();
    return properties;
  }
}
