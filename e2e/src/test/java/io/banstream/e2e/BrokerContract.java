package io.banstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.banstream.console.BanRequest;
import io.banstream.console.Operator;
import io.banstream.jails.Configuration;
import io.banstream.jails.Jail;
import io.banstream.processor.Processor;
import io.banstream.processor.ProcessorSettings;
import io.banstream.processor.StoreKind;
import io.banstream.schemas.Address;
import io.banstream.schemas.Attempt;
import io.banstream.schemas.DeadLetter;
import io.banstream.schemas.Decision;
import io.banstream.schemas.Evidence;
import io.banstream.schemas.EvidenceFailure;
import io.banstream.schemas.KafkaConnection;
import io.banstream.schemas.Outcome;
import io.banstream.schemas.Position;
import io.banstream.schemas.Topics;
import io.banstream.schemas.Verdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the stream must do on any Kafka: the embedded broker, a container, a fleet's own. */
abstract class BrokerContract {
  private static final String GUESSER = "192.0.2.66";

  @TempDir Path folder;
  private KafkaConnection kafka;
  private Processor processor;

  /** A connection that may do everything, to a broker whose topics exist and are empty. */
  abstract KafkaConnection connect(Path data) throws Exception;

  abstract void disconnect();

  @BeforeEach
  void startTheProcessor() throws Exception {
    kafka = connect(folder.resolve("broker"));
    try (Operator operator = Operator.open(kafka, Clock.systemUTC())) {
      operator.push("default", jails(), false);
    }
    processor =
        Processor.start(
            new ProcessorSettings(
                kafka, folder.resolve("streams"), "banstream", "one", 1, StoreKind.DISK));
    processor.ready().get();
  }

  @AfterEach
  void stop() {
    if (processor != null) {
      processor.close();
    }
    disconnect();
  }

  @Test
  void topicsGoByTheBrokersClock() throws Exception {
    Topics topics = kafka.topics();
    try (Admin admin = Admin.create(kafka.with(Map.of()))) {
      List<ConfigResource> all =
          topics.all().stream().map(t -> new ConfigResource(ConfigResource.Type.TOPIC, t)).toList();
      assertThat(admin.describeConfigs(all).all().get().values())
          .hasSameSizeAs(kafka.topics().all())
          .allSatisfy(
              c -> assertThat(c.get("message.timestamp.type").value()).isEqualTo("LogAppendTime"));
    }
  }

  @Test
  void failuresOfTwoHostsBanOnceWithTheirEvidence() throws IOException {
    Instant t = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    List<Attempt> failures =
        List.of(
            failure("relay1", t.minusSeconds(2), 1),
            failure("relay2", t.minusSeconds(1), 1),
            failure("relay2", t.minusSeconds(1), 1), // sent twice
            failure("relay1", t, 2));
    failures.forEach(f -> send(kafka.topics().attempts(), GUESSER, f));

    Decision ban = awaitOne(Decision.class, kafka.topics().decisions()).value();
    assertThat(ban)
        .isEqualTo(
            new Decision(
                Verdict.BAN,
                "postfix-sasl",
                GUESSER,
                "*",
                t,
                t.plusSeconds(3600),
                1,
                3,
                1L,
                false,
                false));
    Evidence evidence = awaitOne(Evidence.class, kafka.topics().evidence()).value();
    assertThat(evidence.getFailures())
        .extracting(EvidenceFailure::getHost)
        .containsExactly("relay1", "relay2", "relay1");
  }

  @Test
  void anOperatorsWordBansAndLifts() throws Exception {
    try (Operator operator = Operator.open(kafka, Clock.systemUTC())) {
      Address guesser = Address.parse(GUESSER);
      operator.ban(
          BanRequest.manual(guesser, Optional.of(Duration.ofHours(4)), Optional.of("seen by eye")),
          "operator");
      Decision ban = awaitOne(Decision.class, kafka.topics().decisions()).value();
      assertThat(ban.getVerdict()).isEqualTo(Verdict.BAN);
      assertThat(ban.getJail()).isEqualTo("manual");
      operator.unban(
          guesser,
          List.of(guesser),
          List.of(),
          Optional.empty(),
          false,
          Optional.empty(),
          "operator");
      await("lifted")
          .atMost(Banstream.LIMIT)
          .until(
              () ->
                  read(Decision.class, kafka.topics().decisions()).stream()
                      .map(r -> r.value().getVerdict())
                      .toList()
                      .equals(List.of(Verdict.BAN, Verdict.UNBAN)));
    }
  }

  @Test
  void whatCannotBeReadIsPutAsideAndTheRestGoesOn() {
    try (KafkaProducer<String, byte[]> raw =
        new KafkaProducer<>(
            kafka.with(Map.of()), new StringSerializer(), new ByteArraySerializer())) {
      raw.send(
          new ProducerRecord<>(
              kafka.topics().attempts(), GUESSER, "<garbage>".getBytes(StandardCharsets.UTF_8)));
      raw.flush();
    }
    Instant t = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    for (int i = 0; i < 3; i++) {
      send(kafka.topics().attempts(), GUESSER, failure("relay1", t, i));
    }
    assertThat(awaitOne(Decision.class, kafka.topics().decisions()).value().getAddress())
        .isEqualTo(GUESSER);
    DeadLetter letter = awaitOne(DeadLetter.class, kafka.topics().deadLetters()).value();
    assertThat(letter.getOrigin()).startsWith("attempts-");
    assertThat(StandardCharsets.UTF_8.decode(letter.getPayload()).toString())
        .isEqualTo("<garbage>");
  }

  private static Attempt failure(String host, Instant time, long offset) {
    return new Attempt(
        Outcome.FAILURE,
        "postfix-sasl",
        GUESSER,
        host,
        time,
        new Position("0123456789abcdef", "/var/log/maillog", 0L, offset, 0),
        "alice",
        "SASL LOGIN authentication failed");
  }

  private List<Jail> jails() throws Exception {
    Path config = Files.createDirectories(folder.resolve("fail2ban"));
    Files.writeString(
        config.resolve("jail.local"),
        """
        [postfix-sasl]
        enabled = true
        bantime = 3600
        findtime = 300
        maxretry = 3
        logpath = /var/log/maillog
        """);
    return Configuration.read(config).jails();
  }

  private <T extends SpecificRecord> void send(String topic, String key, T value) {
    @SuppressWarnings("unchecked")
    Class<T> type = (Class<T>) value.getClass();
    try (KafkaProducer<String, T> producer =
        new KafkaProducer<>(
            kafka.with(Map.of()), new StringSerializer(), kafka.serde(type).serializer())) {
      producer.send(new ProducerRecord<>(topic, key, value));
      producer.flush();
    }
  }

  private <T extends SpecificRecord> ConsumerRecord<String, T> awaitOne(
      Class<T> type, String topic) {
    await("one record in " + topic)
        .atMost(Banstream.LIMIT)
        .until(() -> read(type, topic).size() == 1);
    return read(type, topic).get(0);
  }

  /** All committed records of a topic, from its beginning to its end. */
  private <T extends SpecificRecord> List<ConsumerRecord<String, T>> read(
      Class<T> type, String topic) {
    Map<String, Object> settings =
        kafka.with(
            Map.of(
                "isolation.level", "read_committed",
                "auto.offset.reset", "earliest",
                "enable.auto.commit", "false"));
    try (KafkaConsumer<String, T> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), kafka.serde(type).deserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream().map(BrokerContract::partition).toList();
      consumer.assign(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      List<ConsumerRecord<String, T>> all = new ArrayList<>();
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        consumer.poll(Duration.ofMillis(100)).forEach(all::add);
      }
      return all;
    }
  }

  private static TopicPartition partition(PartitionInfo info) {
    return new TopicPartition(info.topic(), info.partition());
  }
}
