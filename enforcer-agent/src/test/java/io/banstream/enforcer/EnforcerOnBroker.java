package io.banstream.enforcer;

import static org.awaitility.Awaitility.await;

import io.banstream.jails.Enforcement.Closure;
import io.banstream.jails.FilterDefinition;
import io.banstream.jails.Jail;
import io.banstream.jails.JailRecords;
import io.banstream.jails.Policy;
import io.banstream.jails.Sources;
import io.banstream.schemas.Address;
import io.banstream.schemas.AddressPartitioner;
import io.banstream.schemas.Decision;
import io.banstream.schemas.DecisionKey;
import io.banstream.schemas.Enforcement;
import io.banstream.schemas.KafkaConnection;
import io.banstream.schemas.Key;
import io.banstream.schemas.Topics;
import io.banstream.schemas.Verdict;
import io.banstream.testkit.Netns;
import io.banstream.testkit.TestBroker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** An enforcer on a host of its own, which follows what a test puts into a real broker. */
abstract class EnforcerOnBroker {
  private static final int PARTITIONS = 4;
  static final String ATTACKER = "198.51.100.2";
  static final String OTHER = "198.51.100.3";
  static final Duration LIMIT = Duration.ofSeconds(60);

  static TestBroker broker;
  private static int count;

  @TempDir Path data;
  boolean actions;
  final List<String> printed = new CopyOnWriteArrayList<>();
  Optional<BanLogTarget> banLog = Optional.empty();
  KafkaConnection kafka;
  private KafkaProducer<byte[], byte[]> producer;
  Netns relay;
  Netns attacker;

  @BeforeAll
  static void startBroker() {
    Netns.assumeAvailable("ipset", "iptables", "ip6tables", "ping");
    broker = TestBroker.start();
  }

  @AfterAll
  static void stopBroker() {
    if (broker != null) {
      broker.close();
    }
  }

  @BeforeEach
  void open() throws Exception {
    kafka =
        new KafkaConnection(
            Map.of("bootstrap.servers", broker.bootstrapServers()),
            new Topics("t" + ++count + "."),
            Optional.empty());
    try (Admin admin = Admin.create(kafka.with(Map.of()))) {
      kafka.topics().create(admin, PARTITIONS, (short) 1);
    }
    producer =
        new KafkaProducer<>(
            kafka.with(Map.of("transactional.id", "processor-" + count)),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    producer.initTransactions();
    attacker = Netns.create("attacker");
    boot();
    put(kafka.topics().jails(), Key.of("default", "sasl"), jail("sasl", closure("tcp")));
  }

  /** A relay whose kernel holds nothing. */
  void boot() {
    relay = Netns.create("relay");
    relay.link("198.51.100.1/24", attacker, ATTACKER + "/24");
    String device =
        attacker.run("ip", "-o", "-4", "addr", "show", "scope", "global").split("\\s+")[1];
    attacker.run("ip", "addr", "add", OTHER + "/24", "dev", device);
  }

  @AfterEach
  void close() {
    if (relay != null) {
      producer.close();
      relay.close();
      attacker.close();
    }
  }

  static Closure closure(String protocol) {
    return IptablesScriptTest.closure("", protocol, "INPUT", "DROP");
  }

  static SpecificRecord jail(String name, Closure closure) {
    return jail(name, new io.banstream.jails.Enforcement(List.of(closure), List.of(), false));
  }

  static SpecificRecord jail(String name, io.banstream.jails.Enforcement enforcement) {
    Policy policy =
        new Policy(
            Duration.ofSeconds(600),
            Optional.of(Duration.ofSeconds(600)),
            3,
            List.of(),
            Policy.Scope.FLEET,
            128,
            Policy.Increment.OFF,
            Duration.ofDays(1),
            Policy.Guard.DEFAULT,
            Optional.empty(),
            Optional.empty(),
            Policy.Trust.DEFAULT,
            Optional.empty(),
            0);
    FilterDefinition filter =
        new FilterDefinition(
            name,
            Optional.empty(),
            List.of(),
            List.of(),
            Optional.empty(),
            1,
            List.of(),
            List.of());
    return JailRecords.record(
        "default", 1, new Jail(name, policy, Sources.none(filter), enforcement));
  }

  @SuppressWarnings("unchecked")
  <T extends SpecificRecord> void put(String topic, String key, T value) throws Exception {
    byte[] bytes =
        value == null
            ? null
            : kafka.serde((Class<T>) value.getClass()).serializer().serialize(topic, value);
    int partition =
        topic.equals(kafka.topics().decisions())
            ? AddressPartitioner.partition(Key.parts(key).get(0), PARTITIONS)
            : 0;
    producer.beginTransaction();
    producer
        .send(new ProducerRecord<>(topic, partition, key.getBytes(StandardCharsets.UTF_8), bytes))
        .get();
    producer.commitTransaction();
  }

  void decide(Verdict verdict, String address, String reach, Instant until) throws Exception {
    decide("manual", verdict, address, reach, until);
  }

  void decide(String jail, Verdict verdict, String address, String reach, Instant until)
      throws Exception {
    Instant now = Instant.now();
    Decision decision =
        new Decision(
            verdict,
            jail,
            address,
            reach,
            now,
            verdict == Verdict.BAN ? until : now,
            1,
            3,
            1L,
            false,
            false);
    put(
        kafka.topics().decisions(),
        new DecisionKey(Address.parse(address), jail, reach).toString(),
        decision);
  }

  void ban(String address) throws Exception {
    decide(Verdict.BAN, address, "*", Instant.now().plusSeconds(600));
  }

  EnforcerSettings settings(KafkaConnection connection) {
    return settings(connection, FirewallKind.IPSET);
  }

  EnforcerSettings settings(KafkaConnection connection, FirewallKind kind) {
    return new EnforcerSettings(
        connection,
        "relay1",
        "default",
        data,
        kind,
        InstantSource.system(),
        relay.prefix(),
        actions,
        banLog,
        printed::add);
  }

  EnforcerAgent up() throws Exception {
    return up(FirewallKind.IPSET);
  }

  EnforcerAgent up(FirewallKind kind) throws Exception {
    EnforcerAgent agent = EnforcerAgent.start(settings(kafka, kind));
    agent.ready().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    return agent;
  }

  boolean pings(String from) {
    return attacker.tryRun("ping", "-c1", "-W1", "-I", from, "198.51.100.1").exit() == 0;
  }

  void awaitBanned(String address) {
    await().atMost(LIMIT).until(() -> relay.run("ipset", "save").contains(" " + address + " "));
  }

  void awaitFree(String address) {
    await().atMost(LIMIT).until(() -> !relay.run("ipset", "save").contains(" " + address + " "));
  }

  /** The newest record of each jail of this host. */
  Map<String, Enforcement> enforcements() {
    Map<String, Enforcement> newest = new HashMap<>();
    TopicPartition partition = new TopicPartition(kafka.topics().enforcements(), 0);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            kafka.with(Map.of()), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      while (consumer.position(partition) < end) {
        for (ConsumerRecord<byte[], byte[]> r : consumer.poll(Duration.ofMillis(100))) {
          newest.put(
              Key.parts(new String(r.key(), StandardCharsets.UTF_8)).get(1),
              kafka.serde(Enforcement.class).deserializer().deserialize(r.topic(), r.value()));
        }
      }
    }
    return newest;
  }
}
