package io.banstream.standalone.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.banstream.schemas.KafkaConnection;
import io.banstream.schemas.Topics;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedBrokerIT {
  private static final Topics TOPICS = new Topics("");

  @TempDir static Path folder;
  private static EmbeddedBroker broker;

  @BeforeAll
  static void start() throws Exception {
    broker = EmbeddedBroker.start(settings(folder.resolve("shared"), Listen.LOOPBACK));
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  private static BrokerSettings settings(Path data, Listen listen) {
    return new BrokerSettings(
        data, listen, TOPICS, Optional.empty(), "banstream", BrokerSettings.PARTITIONS);
  }

  @Test
  void makesTheTopicsPartitionedByAddress() throws Exception {
    try (Admin admin = Admin.create(broker.connection(Account.ADMIN).with(Map.of()))) {
      var topics = admin.describeTopics(TOPICS.all()).allTopicNames().get();
      assertThat(topics.get("attempts").partitions()).hasSize(4);
      assertThat(topics.get("jails").partitions()).hasSize(1);
    }
  }

  @Test
  void itsFolderIsItsOwnersAlone() throws Exception {
    Path data = folder.resolve("shared");
    assertThat(permissions(data)).isEqualTo("rwx------");
    assertThat(permissions(data.resolve("secrets.properties"))).isEqualTo("rw-------");
  }

  private static String permissions(Path path) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void refusesAClientWithoutPassword() {
    var open = Map.<String, Object>of("bootstrap.servers", broker.bootstrapServers());
    assertThatThrownBy(() -> list(open)).hasCauseInstanceOf(TimeoutException.class);
  }

  @Test
  void refusesAWrongPassword() {
    Map<String, Object> wrong = broker.connection(Account.CONSOLE).with(Map.of());
    wrong.put("sasl.jaas.config", Credentials.scram("console", "guessed"));
    assertThatThrownBy(() -> list(wrong)).hasCauseInstanceOf(SaslAuthenticationException.class);
  }

  private static void list(Map<String, Object> client) throws Exception {
    Map<String, Object> soon = new HashMap<>(client);
    soon.put("request.timeout.ms", 1_500);
    soon.put("default.api.timeout.ms", 2_000);
    try (Admin admin = Admin.create(soon)) {
      admin.listTopics().names().get();
    }
  }

  @Test
  void ingestWritesAttemptsAndCanReadNoDecisions() throws Exception {
    KafkaConnection ingest = broker.connection(Account.INGEST);
    send(ingest, "attempts");
    assertThatThrownBy(() -> send(ingest, "decisions"))
        .hasCauseInstanceOf(TopicAuthorizationException.class);
    for (String topic : List.of("decisions", "evidence", "commands", "attempts")) {
      assertThatThrownBy(() -> read(ingest, topic)).isInstanceOf(TopicAuthorizationException.class);
    }
  }

  @Test
  void enforceReadsDecisionsAndCanWriteNone() throws Exception {
    KafkaConnection enforce = broker.connection(Account.ENFORCE);
    read(enforce, "decisions");
    for (String topic : List.of("decisions", "commands", "attempts", "allows", "jails")) {
      assertThatThrownBy(() -> send(enforce, topic))
          .hasCauseInstanceOf(TopicAuthorizationException.class);
    }
  }

  @Test
  void consoleGivesCommandsAndCanWriteNoDecisions() throws Exception {
    KafkaConnection console = broker.connection(Account.CONSOLE);
    send(console, "commands");
    for (String topic : List.of("decisions", "attempts", "evidence", "totals", "enforcements")) {
      assertThatThrownBy(() -> send(console, topic))
          .hasCauseInstanceOf(TopicAuthorizationException.class);
    }
  }

  @Test
  void nobodyButTheAdminMakesTopics() {
    for (Account account : List.of(Account.INGEST, Account.ENFORCE, Account.CONSOLE)) {
      assertThatThrownBy(
              () -> {
                try (Admin admin = Admin.create(broker.connection(account).with(Map.of()))) {
                  new Topics("other-").create(admin, 1, (short) 1);
                }
              })
          .isInstanceOf(ExecutionException.class);
    }
  }

  @Test
  void keepsItsRecordsAndPasswordsFromOneStartToTheNext() throws Exception {
    Path data = folder.resolve("kept");
    Map<String, String> before;
    try (EmbeddedBroker first = EmbeddedBroker.start(settings(data, Listen.LOOPBACK))) {
      send(first.connection(Account.INGEST), "attempts");
      before = first.connection(Account.INGEST).client();
    }
    try (EmbeddedBroker second = EmbeddedBroker.start(settings(data, Listen.LOOPBACK))) {
      assertThat(second.connection(Account.INGEST).client().get("sasl.jaas.config"))
          .isEqualTo(before.get("sasl.jaas.config"));
      assertThat(read(second.connection(Account.PROCESS), "attempts")).isEqualTo(1);
    }
  }

  @Test
  void aPortInUseIsNamed() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      Listen listen = new Listen("127.0.0.1", taken.getLocalPort());
      assertThatThrownBy(() -> EmbeddedBroker.start(settings(folder.resolve("taken"), listen)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("listen = " + listen + ": Address already in use");
    }
  }

  private static void send(KafkaConnection kafka, String topic) throws Exception {
    try (var producer =
        new KafkaProducer<>(
            kafka.with(Map.of("max.block.ms", 10_000)),
            new StringSerializer(),
            new StringSerializer())) {
      producer
          .send(new ProducerRecord<>(topic, "192.0.2.1", "a failure"))
          .get(20, TimeUnit.SECONDS);
    }
  }

  /** Reads the topic; gives how many records it has had. */
  private static long read(KafkaConnection kafka, String topic) {
    try (Consumer<String, String> consumer =
        new KafkaConsumer<>(
            kafka.with(Map.of("auto.offset.reset", "earliest")),
            new StringDeserializer(),
            new StringDeserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic, Duration.ofSeconds(10)).stream()
              .map(p -> new TopicPartition(p.topic(), p.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.poll(Duration.ofMillis(500));
      return consumer.endOffsets(partitions).values().stream().mapToLong(Long::longValue).sum();
    }
  }
}
