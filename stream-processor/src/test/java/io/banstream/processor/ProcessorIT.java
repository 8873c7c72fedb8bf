package io.banstream.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.banstream.jails.JailRecords;
import io.banstream.jails.Policy;
import io.banstream.jails.Policy.Increment;
import io.banstream.jails.Policy.Scope;
import io.banstream.jails.Policy.Subnet;
import io.banstream.schemas.AddressPartitioner;
import io.banstream.schemas.AllowOrder;
import io.banstream.schemas.AllowRecord;
import io.banstream.schemas.Applied;
import io.banstream.schemas.Attempt;
import io.banstream.schemas.BanOrder;
import io.banstream.schemas.Command;
import io.banstream.schemas.Decision;
import io.banstream.schemas.KafkaConnection;
import io.banstream.schemas.PolicyMarker;
import io.banstream.schemas.PolicyRecord;
import io.banstream.schemas.UnbanOrder;
import io.banstream.testkit.BanModel;
import io.banstream.testkit.ModelDecision;
import io.banstream.testkit.ModelEvent;
import io.banstream.testkit.ModelPolicy;
import io.banstream.testkit.Recorded;
import io.banstream.testkit.TestBroker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The processor on a real broker with 4 partitions. */
class ProcessorIT {
  private static final int PARTITIONS = 4;
  private static final Duration LONG = Duration.ofSeconds(90);
  private static final List<String> JAILS = List.of("sasl", "sshd");

  @TempDir private Path data;
  private TestBroker broker;
  private KafkaConnection kafka;
  private KafkaProducer<String, Attempt> attempts;
  private KafkaProducer<String, Command> commands;
  private final Random random = new Random(4);
  private long offset;
  private String banned = "192.0.2.1";

  @BeforeEach
  void start() throws Exception {
    broker = TestBroker.start();
    kafka = Child.settings(broker.bootstrapServers(), data).kafka();
    try (Admin admin = Admin.create(kafka.with(Map.of()))) {
      kafka.topics().create(admin, PARTITIONS, (short) 1);
    }
    attempts =
        new KafkaProducer<>(
            kafka.with(Map.of("linger.ms", 5)),
            new StringSerializer(),
            kafka.serde(Attempt.class).serializer());
    commands =
        new KafkaProducer<>(
            kafka.with(Map.of()), new StringSerializer(), kafka.serde(Command.class).serializer());
    push();
  }

  @AfterEach
  void stop() {
    attempts.close();
    commands.close();
    broker.close();
  }

  @Test
  void decidesOnceEachThoughKilledInTheMiddle() throws Exception {
    send(10_000);
    Process first = Child.start(broker.bootstrapServers(), data);
    await().atMost(LONG).until(() -> decisions().size() > 300);
    first.destroyForcibly().waitFor();
    send(5_000);
    Process second = Child.start(broker.bootstrapServers(), data);
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(second.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(out.readLine()).isEqualTo("Ready");
      awaitNotes();
      assertThat(ModelDecision.byAddress(decisions())).isEqualTo(modelled());
    } finally {
      second.destroyForcibly().waitFor();
    }
  }

  /** Two share the partitions; one is killed ten times, and loses its data folder once. */
  @Test
  void twoOfThemDecideWhatAReplayOfTheTopicsDecides() throws Exception {
    Path second = data.resolve("second");
    Process first = Child.start(broker.bootstrapServers(), data.resolve("first"), "first");
    Process killed = Child.start(broker.bootstrapServers(), second, "second");
    for (int kill = 0; kill < 10; kill++) {
      int before = decisions().size();
      send(1_500);
      say();
      await().atMost(LONG).until(() -> decisions().size() > before);
      killed.destroyForcibly().waitFor();
      if (kill == 4) {
        delete(second);
      }
      killed = Child.start(broker.bootstrapServers(), second, "second");
    }
    send(500);
    killed.destroyForcibly().waitFor();
    killed = Child.start(broker.bootstrapServers(), second, "second");
    try (BufferedReader out =
        new BufferedReader(
            new InputStreamReader(killed.getInputStream(), StandardCharsets.UTF_8))) {
      assertThat(out.readLine()).isEqualTo("Ready");
      awaitNotes();
      List<ModelDecision> replayed = new ArrayList<>();
      new TopicReplay(kafka).run(d -> replayed.add(Recorded.decision(d)));
      SortedMap<String, List<ModelDecision>> decided = ModelDecision.byAddress(decisions());
      assertSame(decided, ModelDecision.byAddress(replayed));
      assertSame(decided, modelled());
      assertThat(replayed)
          .extracting(ModelDecision::verdict)
          .contains(ModelDecision.Verdict.BAN, ModelDecision.Verdict.UNBAN);
      assertThat(replayed).anyMatch(ModelDecision::network);
    } finally {
      killed.destroyForcibly().waitFor();
      first.destroyForcibly().waitFor();
    }
  }

  /** Address by address, so that a difference can be read. */
  private static void assertSame(
      SortedMap<String, List<ModelDecision>> decided,
      SortedMap<String, List<ModelDecision>> expected) {
    assertThat(decided.keySet()).isEqualTo(expected.keySet());
    decided.forEach((address, of) -> assertThat(of).as(address).isEqualTo(expected.get(address)));
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** An operator unbans whom he banned last, bans another, allows a third, for an hour each. */
  private void say() throws Exception {
    Instant now = Instant.now();
    String unbanned = banned;
    banned = "192.0.2." + random.nextInt(250);
    String allowed = "192.0.2." + random.nextInt(250);
    Instant until = now.plusSeconds(3600);
    order(banned, new BanOrder(banned, "sasl", until, null));
    order(unbanned, new UnbanOrder(unbanned, null, false));
    AllowOrder allow =
        new AllowOrder(new AllowRecord(allowed, List.of(allowed), now, until, "op", null));
    for (int p = 0; p < PARTITIONS; p++) {
      order(p, "", allow);
    }
  }

  private void order(String address, Object order) throws Exception {
    order(AddressPartitioner.partition(address, PARTITIONS), address, order);
  }

  private void order(int partition, String key, Object order) throws Exception {
    Command command = new Command(Instant.now(), "op", null, order);
    commands.send(new ProducerRecord<>(kafka.topics().commands(), partition, key, command)).get();
  }

  @Test
  void closedAndStartedAgainItGoesOnWhereItWas() throws Exception {
    ProcessorSettings settings = Child.settings(broker.bootstrapServers(), data);
    send(2_000);
    try (Processor processor = Processor.start(settings)) {
      processor.ready().get(90, TimeUnit.SECONDS);
      assertThat(processor.check()).isEmpty();
      awaitNotes();
      assertThat(ModelDecision.byAddress(decisions())).isEqualTo(modelled());
    }
    send(2_000);
    spread();
    try (Processor processor = Processor.start(settings)) {
      processor.ready().get(90, TimeUnit.SECONDS);
      String network = "198.51.100.0/28";
      awaitNotes();
      assertThat(ModelDecision.byAddress(decisions())).isEqualTo(modelled());
      List<ModelDecision> replayed = new ArrayList<>();
      new TopicReplay(kafka).run(d -> replayed.add(Recorded.decision(d)));
      assertThat(replayed).filteredOn(d -> isOf(d, network)).hasSize(1);
      assertSame(ModelDecision.byAddress(decisions()), ModelDecision.byAddress(replayed));
    }
  }

  private static boolean isOf(ModelDecision decision, String network) {
    return decision.network() && decision.address().equals(network);
  }

  /** Ten addresses of one network, each as often as bans it: they lie in different partitions. */
  private void spread() {
    Instant now = Instant.now();
    for (int i = 1; i <= 10; i++) {
      String address = "198.51.100." + i;
      for (int failure = 0; failure < 4; failure++) {
        offset += 100;
        Attempt attempt = Driven.attempt("sasl", address, "relay" + failure % 2, now, offset);
        attempts.send(new ProducerRecord<>(kafka.topics().attempts(), address, attempt));
      }
    }
    attempts.flush();
  }

  @Test
  void aTopicThatIsGoneEndsItUntilItIsThereAgain() throws Exception {
    ProcessorSettings settings = Child.settings(broker.bootstrapServers(), data);
    try (Processor processor = Processor.start(settings);
        Admin admin = Admin.create(kafka.with(Map.of()))) {
      processor.ready().get(90, TimeUnit.SECONDS);
      assertThat(processor.ended()).isNotDone();
      admin.deleteTopics(List.of(kafka.topics().attempts())).all().get();
      assertThat(processor.ended()).failsWithin(LONG);
      assertThat(processor.check()).hasValue("processor stopped");
      await().atMost(LONG).until(() -> !topics(admin).contains(kafka.topics().attempts()));
      kafka.topics().create(admin, PARTITIONS, (short) 1);
    }
    try (Processor processor = Processor.start(settings)) {
      processor.ready().get(90, TimeUnit.SECONDS);
    }
  }

  @Test
  void whileNothingComesItLeavesTheBrokerAlone() throws Exception {
    send(2_000);
    try (Processor processor = Processor.start(Child.settings(broker.bootstrapServers(), data));
        Admin admin = Admin.create(kafka.with(Map.of()))) {
      processor.ready().get(90, TimeUnit.SECONDS);
      await().atMost(LONG).until(() -> !decisions().isEmpty());
      await()
          .atMost(LONG)
          .untilAsserted(
              () -> {
                long before = transactionSteps(admin);
                Thread.sleep(2_000);
                assertThat(transactionSteps(admin)).isEqualTo(before);
              });
    }
  }

  private static long transactionSteps(Admin admin) throws Exception {
    String topic = "__transaction_state";
    Map<TopicPartition, OffsetSpec> ends = new HashMap<>();
    admin
        .describeTopics(List.of(topic))
        .allTopicNames()
        .get()
        .get(topic)
        .partitions()
        .forEach(p -> ends.put(new TopicPartition(topic, p.partition()), OffsetSpec.latest()));
    return admin.listOffsets(ends).all().get().values().stream().mapToLong(r -> r.offset()).sum();
  }

  private static Set<String> topics(Admin admin) throws Exception {
    return admin.listTopics().names().get();
  }

  private static ModelPolicy model(String jail) {
    ModelPolicy policy =
        ModelPolicy.of(
            jail, jail.equals("recidive") ? 3 : 4, Duration.ofSeconds(600), Duration.ofSeconds(60));
    ModelPolicy guarded =
        policy.withGuard(
            new ModelPolicy.Guard(10, Duration.ofHours(1), jail.equals("recidive"), List.of()));
    return jail.equals("sshd") ? guarded.withScopeHost() : guarded.withSubnet(3, 28, 64);
  }

  private static PolicyRecord record(String jail) {
    ModelPolicy p = model(jail);
    return JailRecords.record(
        jail,
        new Policy(
            p.findtime(),
            p.bantime(),
            p.maxretry(),
            List.of(),
            p.perHost() ? Scope.HOST : Scope.FLEET,
            128,
            Increment.OFF,
            p.dbpurgeage(),
            new Policy.Guard(p.guard().bans(), p.guard().time(), p.guard().confirm(), List.of()),
            Optional.empty(),
            Optional.empty(),
            new Policy.Trust(p.trust().forgive(), p.trust().known()),
            p.subnet().map(s -> new Subnet(s.maxbans(), s.prefix4(), s.prefix6())),
            p.maxnames()));
  }

  private void push() throws Exception {
    PolicyMarker marker =
        new PolicyMarker(
            1L, List.of(record("sasl"), record("sshd"), record("recidive")), PARTITIONS);
    for (int p = 0; p < PARTITIONS; p++) {
      order(p, "", marker);
    }
  }

  /** Failures of 500 addresses on 3 hosts, some of them late, some twice. */
  private void send(int failures) {
    Instant now = Instant.now().minusSeconds(7200);
    for (int i = 0; i < failures; i++) {
      offset += 100;
      Instant time = now.plusMillis(offset).minusSeconds(random.nextInt(4) == 0 ? 300 : 0);
      String host = "relay" + random.nextInt(3);
      String address = "192.0.2." + random.nextInt(250);
      for (String jail : JAILS) {
        Attempt attempt = Driven.attempt(jail, address, host, time, offset);
        attempts.send(new ProducerRecord<>(kafka.topics().attempts(), address, attempt));
        if (random.nextInt(20) == 0) {
          attempts.send(new ProducerRecord<>(kafka.topics().attempts(), address, attempt));
        }
      }
    }
    attempts.flush();
  }

  /**
   * Until the tasks have taken each other's notes too, which come after what they are ready with.
   */
  private void awaitNotes() {
    await()
        .atMost(LONG)
        .until(
            () ->
                read(kafka.topics().applied(), Applied.class).size()
                    >= read(kafka.topics().commands(), Command.class).size());
  }

  private List<ModelDecision> decisions() {
    List<ModelDecision> all = new ArrayList<>();
    read(kafka.topics().decisions(), Decision.class).stream()
        .map(Read::value)
        .filter(Objects::nonNull)
        .map(Recorded::decision)
        .forEach(all::add);
    return all;
  }

  /** What the model decides on what the partitions really hold. */
  private SortedMap<String, List<ModelDecision>> modelled() {
    List<TreeMap<Long, List<ModelEvent>>> partitions = new ArrayList<>(); // by attempts' offset
    for (int p = 0; p < PARTITIONS; p++) {
      partitions.add(new TreeMap<>());
    }
    Map<List<Long>, Long> points = new HashMap<>();
    read(kafka.topics().applied(), Applied.class)
        .forEach(
            r ->
                points.put(
                    List.of((long) r.partition(), r.value().getCommand()),
                    r.value().getAttempts()));
    List<ModelEvent.Note> written = new ArrayList<>();
    read(kafka.topics().commands(), Command.class)
        .forEach(
            r -> {
              ModelEvent command = Recorded.command(r.value(), r.append());
              if (command instanceof ModelEvent.Note note) {
                written.add(undated(note));
              }
              partitions
                  .get(r.partition())
                  .computeIfAbsent(
                      points.get(List.of((long) r.partition(), r.offset())), o -> new ArrayList<>())
                  .add(command);
            });
    read(kafka.topics().attempts(), Attempt.class)
        .forEach(
            r ->
                partitions
                    .get(r.partition())
                    .computeIfAbsent(r.offset(), o -> new ArrayList<>())
                    .add(Recorded.login(r.value(), r.append())));
    List<ModelDecision> all = new ArrayList<>();
    List<ModelEvent.Note> told = new ArrayList<>();
    for (TreeMap<Long, List<ModelEvent>> events : partitions) {
      BanModel model = new BanModel();
      events.values().stream().flatMap(List::stream).forEach(model::accept);
      all.addAll(model.decisions());
      model.takeNotes().forEach(note -> told.add(undated(note)));
    }
    assertThat(written).containsExactlyInAnyOrderElementsOf(told);
    return ModelDecision.byAddress(all);
  }

  /** Its append time is not that of what it came of. */
  private static ModelEvent.Note undated(ModelEvent.Note n) {
    return new ModelEvent.Note(
        Instant.EPOCH, n.jail(), n.network(), n.address(), n.from(), n.until());
  }

  private record Read<T>(int partition, long offset, Instant append, T value) {}

  /** All that is committed in a topic, each partition in its order. */
  private <T extends SpecificRecord> List<Read<T>> read(String topic, Class<T> type) {
    try (KafkaConsumer<String, T> consumer =
        new KafkaConsumer<>(
            kafka.with(Map.of("isolation.level", "read_committed")),
            new StringDeserializer(),
            kafka.serde(type).deserializer())) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(p -> new TopicPartition(topic, p.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      List<Read<T>> all = new ArrayList<>();
      while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
        consumer
            .poll(Duration.ofMillis(100))
            .forEach(
                r ->
                    all.add(
                        new Read<>(
                            r.partition(),
                            r.offset(),
                            Instant.ofEpochMilli(r.timestamp()),
                            r.value())));
      }
      return all;
    }
  }
}
