package io.banstream.processor;

import io.banstream.jails.JailRecords;
import io.banstream.jails.Policy;
import io.banstream.schemas.Alert;
import io.banstream.schemas.AllowOrder;
import io.banstream.schemas.AllowRecord;
import io.banstream.schemas.Attempt;
import io.banstream.schemas.BanOrder;
import io.banstream.schemas.Command;
import io.banstream.schemas.DeadLetter;
import io.banstream.schemas.Decision;
import io.banstream.schemas.Evidence;
import io.banstream.schemas.KafkaConnection;
import io.banstream.schemas.Outcome;
import io.banstream.schemas.PolicyMarker;
import io.banstream.schemas.Position;
import io.banstream.schemas.Topics;
import io.banstream.schemas.Totals;
import io.banstream.schemas.UnbanOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;

/** The topology as it is, one partition of it, record by record. */
final class Driven implements AutoCloseable {
  static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");

  private final KafkaConnection kafka =
      new KafkaConnection(
          Map.of("bootstrap.servers", "unused:9092"), new Topics(""), Optional.empty());
  private final Topics topics = kafka.topics();
  private final Serializer<Attempt> attempts = kafka.serde(Attempt.class).serializer();
  private final TopologyTestDriver driver;
  private final TestInputTopic<String, byte[]> folds;
  final TestInputTopic<String, Command> commands;
  final TestOutputTopic<String, Decision> decisions;
  final TestOutputTopic<String, Evidence> evidence;
  final TestOutputTopic<String, Alert> alerts;
  final TestOutputTopic<String, Totals> totals;
  final TestOutputTopic<String, DeadLetter> deadLetters;
  private long taken;
  private long offset;
  private long version;

  Driven() {
    Properties config = new Properties();
    // State lies under this name in the system's temporary folder, beside that of other builds.
    config.put("application.id", "test-" + ProcessHandle.current().pid());
    config.put("bootstrap.servers", "unused:9092");
    driver =
        new TopologyTestDriver(
            BanTopology.build(kafka, new RegistryPatience(), StoreKind.DISK, new Counts()),
            config,
            NOON);
    folds =
        driver.createInputTopic(
            topics.attempts(), new StringSerializer(), new ByteArraySerializer());
    commands =
        driver.createInputTopic(
            topics.commands(), new StringSerializer(), kafka.serde(Command.class).serializer());
    decisions = output(topics.decisions(), Decision.class);
    evidence = output(topics.evidence(), Evidence.class);
    alerts = output(topics.alerts(), Alert.class);
    totals = output(topics.totals(), Totals.class);
    deadLetters = output(topics.deadLetters(), DeadLetter.class);
  }

  private <T extends SpecificRecord> TestOutputTopic<String, T> output(
      String topic, Class<T> type) {
    return driver.createOutputTopic(
        topic, new StringDeserializer(), kafka.serde(type).deserializer());
  }

  /** A marker with these policies, appended at noon. */
  Driven policies(Map<String, Policy> policies) {
    List<io.banstream.schemas.PolicyRecord> records =
        policies.entrySet().stream()
            .map(p -> JailRecords.record(p.getKey(), p.getValue()))
            .toList();
    order("", new PolicyMarker(++version, records, 1), NOON);
    return this;
  }

  /** A failure that happened and arrived at the same time. */
  void fail(String jail, String address, String host, Instant time) {
    fail(jail, address, host, time, time);
  }

  void fail(String jail, String address, String host, Instant time, Instant append) {
    offset += 100;
    attempt(address, attempt(jail, address, host, time, offset), append);
  }

  /** An attempt, folded alone. */
  void attempt(String key, Attempt attempt, Instant append) {
    raw(key, attempts.serialize("", attempt), append);
  }

  /** What stands in the place of an attempt, folded alone. */
  void raw(String key, byte[] value, Instant append) {
    TopicPartition partition = new TopicPartition(topics.attempts(), 0);
    byte[] utf8 = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
    var one = appended(partition, taken++, append.toEpochMilli(), utf8, value);
    folds.pipeInput(null, Fold.of(List.of(one)), append);
  }

  /** A record as a consumer has it. */
  static ConsumerRecord<byte[], byte[]> appended(
      TopicPartition of, long offset, long append, byte[] key, byte[] value) {
    return new ConsumerRecord<>(
        of.topic(),
        of.partition(),
        offset,
        append,
        TimestampType.LOG_APPEND_TIME,
        ConsumerRecord.NULL_SIZE,
        ConsumerRecord.NULL_SIZE,
        key,
        value,
        new RecordHeaders(),
        Optional.empty());
  }

  /** A failure that stood at a given offset of its log. */
  void failAt(long position, String jail, String address, String host, Instant time) {
    attempt(address, attempt(jail, address, host, time, position), time);
  }

  static Attempt attempt(String jail, String address, String host, Instant time, long offset) {
    return new Attempt(
        Outcome.FAILURE,
        jail,
        address,
        host,
        time,
        new Position("incarnation", "/var/log/maillog", 0L, offset, 0),
        "alice",
        "line " + offset);
  }

  void ban(String address, String jail, Instant until, Instant at) {
    order(address, new BanOrder(address, jail, until, null), at);
  }

  void unban(String address, Instant at) {
    order(address, new UnbanOrder(address, null, false), at);
  }

  void allow(String network, Instant until, Instant at) {
    var allow = new AllowRecord(network, List.of(network), at, until, "op", null);
    order("", new AllowOrder(allow), at);
  }

  void order(String key, Object order, Instant at) {
    commands.pipeInput(key, new Command(at, "op", "because", order), at);
  }

  /** What became of the totals, the newest of each key. */
  Map<String, Totals> totals() {
    driver.advanceWallClockTime(Duration.ofSeconds(1));
    return totals.readKeyValuesToMap();
  }

  @Override
  public void close() {
    driver.close();
  }
}
