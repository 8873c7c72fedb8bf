package io.banstream.ingest;

import static org.awaitility.Awaitility.await;

import io.banstream.jails.Enforcement;
import io.banstream.jails.FilterDefinition;
import io.banstream.jails.Jail;
import io.banstream.jails.JailRecords;
import io.banstream.jails.Policy;
import io.banstream.jails.Policy.Increment;
import io.banstream.jails.Policy.Scope;
import io.banstream.jails.Sources;
import io.banstream.jails.Sources.UseDns;
import io.banstream.schemas.Attempt;
import io.banstream.schemas.DeadLetter;
import io.banstream.schemas.JailRecord;
import io.banstream.schemas.KafkaConnection;
import io.banstream.schemas.Key;
import io.banstream.schemas.Outcome;
import io.banstream.schemas.Position;
import io.banstream.schemas.SourcesRecord;
import io.banstream.schemas.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Topics of a test's own on a broker, the jails on them, and what an agent sent there. */
final class Fleet {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final String GROUP = "relays";

  private final KafkaConnection kafka;

  private Fleet(KafkaConnection kafka) {
    this.kafka = kafka;
  }

  static Fleet create(String bootstrap) {
    Fleet fleet = of(bootstrap, "test" + COUNT.incrementAndGet() + ".");
    try (Admin admin = Admin.create(fleet.kafka.with(Map.of()))) {
      fleet.topics().create(admin, 4, (short) 1);
      return fleet;
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Fleet of(String bootstrap, String prefix) {
    return new Fleet(
        new KafkaConnection(
            Map.of("bootstrap.servers", bootstrap), new Topics(prefix), Optional.empty()));
  }

  Topics topics() {
    return kafka.topics();
  }

  IngestSettings settings(Path data) {
    return settings(data, List.of("journalctl"));
  }

  IngestSettings settings(Path data, List<String> journalctl) {
    return settings(data, journalctl, SyslogSettings.NONE);
  }

  IngestSettings settings(Path data, SyslogSettings syslog) {
    return settings(data, List.of("journalctl"), syslog);
  }

  private IngestSettings settings(Path data, List<String> journalctl, SyslogSettings syslog) {
    return new IngestSettings(
        kafka,
        "relay1",
        GROUP,
        data,
        ZoneOffset.UTC,
        InstantSource.system(),
        journalctl,
        syslog,
        true);
  }

  /** Its failures are lines with {@code failure from ADDRESS} in them. */
  static Jail fileJail(String name, String logpath) {
    return jail(name, List.of(logpath), false, List.of());
  }

  static Jail journalJail(String name, String... journalmatch) {
    return jail(name, List.of(), true, List.of(journalmatch));
  }

  /** It reads what comes by the sockets. */
  static Jail syslogJail(String name) {
    return with(
        fileJail(name, "/unused"),
        sources -> {
          sources.setLogpath(List.of());
          sources.setSyslog(true);
        });
  }

  /** The jail with other sources. */
  static Jail with(Jail jail, Consumer<SourcesRecord> change) {
    JailRecord record = JailRecords.record(GROUP, 1, jail);
    change.accept(record.getSources());
    return JailRecords.jail(record);
  }

  /** The jail with another ignoreip. */
  static Jail ignoring(Jail jail, String... ignoreip) {
    JailRecord record = JailRecords.record(GROUP, 1, jail);
    record.getPolicy().setIgnoreip(List.of(ignoreip));
    return JailRecords.jail(record);
  }

  private static Jail jail(
      String name, List<String> logpath, boolean journal, List<String> journalmatch) {
    return new Jail(
        name,
        new Policy(
            Duration.ofMinutes(5),
            Optional.of(Duration.ofHours(1)),
            3,
            List.of(),
            Scope.FLEET,
            64,
            Increment.OFF,
            Duration.ofDays(1),
            Policy.Guard.DEFAULT,
            Optional.empty(),
            Optional.empty(),
            Policy.Trust.DEFAULT,
            Optional.empty(),
            0),
        new Sources(
            new FilterDefinition(
                name,
                Optional.empty(),
                List.of("failure from <HOST>"),
                List.of(),
                Optional.empty(),
                1,
                journalmatch,
                List.of()),
            logpath,
            journal,
            "auto",
            Optional.empty(),
            UseDns.WARN,
            true,
            List.of(),
            false,
            false,
            Optional.empty()),
        new Enforcement(List.of(), List.of(), false));
  }

  /** A jail of files that reads the journal where they are not there. */
  static Jail autoJail(String name, String logpath, String journalmatch) {
    Jail jail = jail(name, List.of(logpath), false, List.of(journalmatch));
    return with(jail, sources -> sources.setJournalIfNoLogs(true));
  }

  /** The jail reading its logs from their end. */
  static Jail fromTheEnd(Jail jail) {
    return with(jail, sources -> sources.setTail(sources.getLogpath()));
  }

  /** The jail with lines with {@code success from ADDRESS user NAME} for successes. */
  static Jail succeeding(Jail jail, boolean forgive, Duration known) {
    Jail looking =
        with(
            jail,
            sources ->
                sources
                    .getFilter()
                    .setSuccessregex(List.of("success from <HOST> user <F-USER>\\w+</F-USER>")));
    JailRecord record = JailRecords.record(GROUP, 1, looking);
    record.getPolicy().setForgive(forgive);
    record.getPolicy().setKnownMs(known.toMillis());
    return JailRecords.jail(record);
  }

  /** The jail with ignoreself off. */
  static Jail countingItself(Jail jail) {
    return with(jail, sources -> sources.setIgnoreself(false));
  }

  /** The same jail with other expressions. */
  static Jail lookingFor(Jail jail, String... failregex) {
    return with(jail, sources -> sources.getFilter().setFailregex(List.of(failregex)));
  }

  void push(Jail jail) {
    send(jail.name(), JailRecords.record(GROUP, 1, jail));
  }

  void withdraw(String jail) {
    send(jail, null);
  }

  private void send(String jail, JailRecord record) {
    try (var producer =
        new KafkaProducer<>(
            kafka.with(Map.of()),
            new StringSerializer(),
            kafka.serde(JailRecord.class).serializer())) {
      producer.send(new ProducerRecord<>(topics().jails(), Key.of(GROUP, jail), record)).get();
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The broker takes no attempts of more bytes from now on. */
  void limitAttempts(int bytes) {
    try (Admin admin = Admin.create(kafka.with(Map.of()))) {
      var topic = new ConfigResource(ConfigResource.Type.TOPIC, topics().attempts());
      var limit =
          new AlterConfigOp(
              new ConfigEntry("max.message.bytes", Integer.toString(bytes)),
              AlterConfigOp.OpType.SET);
      admin.incrementalAlterConfigs(Map.of(topic, List.of(limit))).all().get();
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
    // The broker goes by it some time after it has said yes.
    await().atMost(LIMIT).until(() -> refuses(bytes));
  }

  /**
   * Whether each partition refuses an attempt of so many bytes; of a jail that no test asks for.
   */
  private boolean refuses(int bytes) throws InterruptedException {
    Attempt large =
        new Attempt(
            Outcome.FAILURE,
            "probe",
            "192.0.2.1",
            "probe",
            Instant.EPOCH,
            new Position("probe", "probe", 0L, 0L, 0),
            null,
            "x".repeat(bytes));
    String topic = topics().attempts();
    int refused = 0;
    try (var producer =
        new KafkaProducer<>(
            kafka.with(Map.of()),
            new StringSerializer(),
            kafka.serde(Attempt.class).serializer())) {
      int partitions = producer.partitionsFor(topic).size();
      for (int p = 0; p < partitions; p++) {
        try {
          producer.send(new ProducerRecord<>(topic, p, "192.0.2.1", large)).get();
        } catch (ExecutionException e) {
          refused += e.getCause() instanceof RecordTooLargeException ? 1 : 0;
        }
      }
      return refused == partitions;
    }
  }

  /** Why each dead letter is one. */
  List<String> whys() {
    return records(DeadLetter.class, topics().deadLetters()).stream()
        .map(r -> r.value().getWhy())
        .toList();
  }

  /** All there is on a topic, a partition after the other. */
  <T extends SpecificRecord> List<ConsumerRecord<String, T>> records(Class<T> type, String topic) {
    List<ConsumerRecord<String, T>> all = new ArrayList<>();
    try (var consumer =
        new KafkaConsumer<>(
            kafka.with(Map.of()), new StringDeserializer(), kafka.serde(type).deserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(p -> new TopicPartition(topic, p.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        consumer.poll(Duration.ofMillis(100)).forEach(all::add);
      }
    }
    return all;
  }

  List<Attempt> sent(String jail) {
    return records(Attempt.class, topics().attempts()).stream()
        .map(ConsumerRecord::value)
        .filter(a -> a.getJail().equals(jail))
        .toList();
  }

  /** What a processor takes: in each partition, what is past the highest position before it. */
  List<Attempt> accepted(String jail) {
    Map<String, Position> highest = new HashMap<>();
    List<Attempt> accepted = new ArrayList<>();
    // Position compares by its fields in their order: incarnation, source, generation, ...
    for (var record : records(Attempt.class, topics().attempts())) {
      Attempt attempt = record.value();
      if (attempt.getJail().equals(jail)) {
        String stream = record.partition() + " " + attempt.getPosition().getSource();
        Position before = highest.get(stream);
        if (before == null || attempt.getPosition().compareTo(before) > 0) {
          highest.put(stream, attempt.getPosition());
          accepted.add(attempt);
        }
      }
    }
    return accepted;
  }

  /** An agent in a process of its own, that can be killed. */
  Process fork(Path data, String... syslog) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-cp",
            System.getProperty("java.class.path"),
            Fleet.class.getName(),
            kafka.toString(),
            topics().prefix(),
            data.toString(),
            String.join(",", syslog))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  public static void main(String[] args) throws InterruptedException {
    Instant start = Instant.now();
    List<SyslogAddress> sockets =
        args[3].isEmpty()
            ? List.of()
            : Stream.of(args[3].split(",")).map(SyslogAddress::parse).toList();
    SyslogSettings syslog = new SyslogSettings(sockets, 1 << 20);
    IngestAgent.start(of(args[0], args[1]).settings(Path.of(args[2]), syslog));
    while (start.isAfter(Instant.EPOCH)) {
      Thread.sleep(Duration.ofMinutes(1).toMillis());
    }
  }
}
