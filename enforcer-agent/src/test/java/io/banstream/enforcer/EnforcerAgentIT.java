package io.banstream.enforcer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.banstream.jails.Enforcement.Closure;
import io.banstream.jails.FilterDefinition;
import io.banstream.jails.Jail;
import io.banstream.jails.JailRecords;
import io.banstream.jails.Policy;
import io.banstream.jails.Sources;
import io.banstream.schemas.Address;
import io.banstream.schemas.AddressPartitioner;
import io.banstream.schemas.AllowRecord;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A decision on a real broker becomes a packet dropped by a real kernel. */
class EnforcerAgentIT {
  private static final int PARTITIONS = 4;
  private static final String ATTACKER = "198.51.100.2";
  private static final String OTHER = "198.51.100.3";
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static TestBroker broker;
  private static int count;

  @TempDir Path data;
  private KafkaConnection kafka;
  private KafkaProducer<byte[], byte[]> producer;
  private Netns relay;
  private Netns attacker;

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
    relay = Netns.create("relay");
    attacker = Netns.create("attacker");
    relay.link("198.51.100.1/24", attacker, ATTACKER + "/24");
    String device =
        attacker.run("ip", "-o", "-4", "addr", "show", "scope", "global").split("\\s+")[1];
    attacker.run("ip", "addr", "add", OTHER + "/24", "dev", device);
    put(kafka.topics().jails(), Key.of("default", "sasl"), jail("sasl", closure("tcp")));
  }

  @AfterEach
  void close() {
    if (relay != null) {
      producer.close();
      relay.close();
      attacker.close();
    }
  }

  private static Closure closure(String protocol) {
    return IptablesScriptTest.closure("", protocol, "INPUT", "DROP");
  }

  private static SpecificRecord jail(String name, Closure closure) {
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
            Policy.Trust.DEFAULT);
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
        "default",
        1,
        new Jail(
            name,
            policy,
            Sources.none(filter),
            new io.banstream.jails.Enforcement(List.of(closure), List.of())));
  }

  @SuppressWarnings("unchecked")
  private <T extends SpecificRecord> void put(String topic, String key, T value) throws Exception {
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

  private void decide(Verdict verdict, String address, String reach, Instant until)
      throws Exception {
    Instant now = Instant.now();
    Decision decision =
        new Decision(
            verdict,
            "manual",
            address,
            reach,
            now,
            verdict == Verdict.BAN ? until : now,
            1,
            3,
            1L,
            false);
    put(
        kafka.topics().decisions(),
        new DecisionKey(Address.parse(address), "manual", reach).toString(),
        decision);
  }

  private void ban(String address) throws Exception {
    decide(Verdict.BAN, address, "*", Instant.now().plusSeconds(600));
  }

  private EnforcerSettings settings(KafkaConnection connection) {
    return settings(connection, FirewallKind.IPSET);
  }

  private EnforcerSettings settings(KafkaConnection connection, FirewallKind kind) {
    return new EnforcerSettings(
        connection,
        "relay1",
        "default",
        data,
        kind,
        InstantSource.system(),
        relay.prefix(),
        line -> {});
  }

  private EnforcerAgent up() throws Exception {
    return up(FirewallKind.IPSET);
  }

  private EnforcerAgent up(FirewallKind kind) throws Exception {
    EnforcerAgent agent = EnforcerAgent.start(settings(kafka, kind));
    agent.ready().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    return agent;
  }

  private boolean pings(String from) {
    return attacker.tryRun("ping", "-c1", "-W1", "-I", from, "198.51.100.1").exit() == 0;
  }

  private void awaitBanned(String address) {
    await().atMost(LIMIT).until(() -> relay.run("ipset", "save").contains(" " + address + " "));
  }

  private void awaitFree(String address) {
    await().atMost(LIMIT).until(() -> !relay.run("ipset", "save").contains(" " + address + " "));
  }

  /** The newest record of each jail of this host. */
  private Map<String, Enforcement> enforcements() {
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

  /** What a restart of another firewall's service does, and a hand that slips. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          IPSET    | ipset del banstream-4-manual 198.51.100.2
          IPSET    | ipset flush
          IPSET    | iptables -F
          IPSET    | iptables -D BANSTREAM 1
          NFTABLES | nft delete element inet banstream banstream-4-manual { 198.51.100.2 }
          NFTABLES | nft flush set inet banstream banstream-4-manual
          NFTABLES | nft flush chain inet banstream input
          NFTABLES | nft flush ruleset
          """)
  void whatOthersChangeIsMended(FirewallKind kind, String byOthers) throws Exception {
    Netns.assumeAvailable("nft");
    EnforcerAgent agent = up(kind);
    try {
      ban(ATTACKER);
      await().atMost(LIMIT).until(() -> !pings(ATTACKER));
      relay.run(byOthers.split(" "));
      await().atMost(LIMIT).until(() -> !pings(ATTACKER));
      if (byOthers.matches(".*(del |flush$|element|flush set).*")) {
        await()
            .atMost(LIMIT)
            .untilAsserted(() -> assertThat(enforcements().get("manual").getMended()).isEqualTo(1));
      }
      assertThat(agent.check()).isEmpty();
    } finally {
      agent.close();
    }
  }

  @Test
  void aBanDropsItsPacketsUntilItIsLiftedAndIsTold() throws Exception {
    EnforcerAgent agent = up();
    try {
      assertThat(pings(ATTACKER)).isTrue();
      ban(ATTACKER);
      awaitBanned(ATTACKER);
      assertThat(pings(ATTACKER)).isFalse();
      assertThat(pings(OTHER)).isTrue();
      await()
          .atMost(LIMIT)
          .untilAsserted(
              () -> {
                Enforcement told = enforcements().get("manual");
                assertThat(told).isNotNull();
                assertThat(told.getEntries()).isEqualTo(1);
                assertThat(told.getApplied()).isEqualTo(1);
                assertThat(told.getFailed()).isZero();
              });
      decide(Verdict.UNBAN, ATTACKER, "*", Instant.now());
      awaitFree(ATTACKER);
      assertThat(pings(ATTACKER)).isTrue();
      assertThat(agent.check()).isEmpty();
    } finally {
      agent.close();
    }
  }

  @Test
  void aBanEndsAtItsTimeAndWhatIsOverNeverBegins() throws Exception {
    EnforcerAgent agent = up();
    try {
      decide(Verdict.BAN, OTHER, "*", Instant.now().minusSeconds(1));
      decide(Verdict.BAN, ATTACKER, "*", Instant.now().plusSeconds(4));
      awaitBanned(ATTACKER);
      assertThat(relay.run("ipset", "save")).doesNotContain(OTHER);
      awaitFree(ATTACKER);
      assertThat(pings(ATTACKER)).isTrue();
    } finally {
      agent.close();
    }
  }

  @Test
  void aDecisionReachesTheHostsItNames() throws Exception {
    EnforcerAgent agent = up();
    try {
      decide(Verdict.BAN, ATTACKER, "relay2", Instant.now().plusSeconds(600));
      decide(Verdict.BAN, OTHER, "relay1", Instant.now().plusSeconds(600));
      awaitBanned(OTHER);
      ban("192.0.2.1");
      awaitBanned("192.0.2.1");
      assertThat(relay.run("ipset", "save")).doesNotContain(ATTACKER);
    } finally {
      agent.close();
    }
  }

  @Test
  void whatIsNeverBannedIsSkippedAndToldWhy() throws Exception {
    EnforcerAgent agent = up();
    try {
      ban(ATTACKER);
      ban("198.51.100.1");
      ban("198.51.100.0/28");
      awaitBanned(ATTACKER);
      put(
          kafka.topics().allows(),
          ATTACKER,
          new AllowRecord(ATTACKER, List.of(ATTACKER), Instant.now(), null, "test", null));
      awaitFree(ATTACKER);
      await()
          .atMost(LIMIT)
          .untilAsserted(
              () ->
                  assertThat(enforcements().get("manual").getSkipped())
                      .extracting(s -> s.getAddress() + ": " + s.getWhy())
                      .contains(ATTACKER + ": allow list", "198.51.100.1: own address")
                      .anyMatch(s -> s.startsWith("198.51.100.0/28: holds ")));
      put(kafka.topics().allows(), ATTACKER, (AllowRecord) null);
      awaitBanned(ATTACKER);
    } finally {
      agent.close();
    }
  }

  @Test
  void theTableOnDiskServesWhileTheBrokerIsAwayAndTheTopicCorrectsIt() throws Exception {
    up().close();
    EnforcerAgent first = up();
    ban(ATTACKER);
    ban(OTHER);
    awaitBanned(OTHER);
    awaitBanned(ATTACKER);
    first.close();
    assertThat(pings(ATTACKER)).as("rules stay").isFalse();
    Flush.run(data, relay.prefix());
    assertThat(pings(ATTACKER)).isTrue();

    KafkaConnection away =
        new KafkaConnection(
            Map.of("bootstrap.servers", "127.0.0.1:1"), kafka.topics(), Optional.empty());
    EnforcerAgent alone = EnforcerAgent.start(settings(away));
    // The set is filled first, the rule that asks it stands a moment later.
    await().atMost(LIMIT).until(() -> !pings(ATTACKER));
    assertThat(alone.ready()).isNotDone();
    alone.close();

    decide(Verdict.UNBAN, ATTACKER, "*", Instant.now());
    EnforcerAgent again = up();
    try {
      awaitFree(ATTACKER);
      assertThat(relay.run("ipset", "save")).contains(" " + OTHER + " ");
    } finally {
      again.close();
    }
  }

  @Test
  void aJailThatIsChangedOrWithdrawnIsFollowed() throws Exception {
    EnforcerAgent agent = up();
    try {
      assertThat(relay.run("iptables-save"))
          .contains("-p tcp -m set --match-set banstream-4-sasl src -j DROP");
      put(kafka.topics().jails(), Key.of("default", "sasl"), jail("sasl", closure("udp")));
      await()
          .atMost(LIMIT)
          .until(
              () ->
                  relay
                      .run("iptables-save")
                      .contains("-p udp -m set --match-set banstream-4-sasl src -j DROP"));
      put(kafka.topics().jails(), Key.of("default", "sasl"), (Decision) null);
      await().atMost(LIMIT).until(() -> !relay.run("ipset", "save").contains("sasl"));
    } finally {
      agent.close();
    }
  }

  @Test
  void backEndsThatComeLaterAreRefusedInOneLine() {
    EnforcerSettings s = settings(kafka);
    assertThatThrownBy(() -> EnforcerAgent.start(settings(kafka, FirewallKind.FIREWALLD)))
        .isInstanceOf(EnforcerException.class)
        .hasMessage("firewall = firewalld: comes later, expected auto, ipset, nftables or dry-run");
    assertThatThrownBy(
            () -> EnforcerAgent.start(s, new Tools("no-ipset", "iptables", "ip6tables", "nft")))
        .isInstanceOf(EnforcerException.class)
        .hasMessage("firewall = ipset: no-ipset not installed");
  }
}
