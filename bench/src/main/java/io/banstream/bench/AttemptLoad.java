package io.banstream.bench;

import io.banstream.schemas.Attempt;
import io.banstream.schemas.Command;
import io.banstream.schemas.KafkaConnection;
import io.banstream.schemas.Outcome;
import io.banstream.schemas.PolicyMarker;
import io.banstream.schemas.PolicyRecord;
import io.banstream.schemas.Position;
import io.banstream.schemas.ScopeRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Failed logins of many addresses on many hosts, each with a line of 200 bytes. Each address fails
 * every five minutes or so in one of three jails, that ban at five failures within ten minutes: as
 * on the first user's host, two or three failures of a hundred make a ban.
 */
final class AttemptLoad implements AutoCloseable {
  static final List<String> JAILS = List.of("postfix-sasl", "dovecot", "sshd");

  private static final Duration BETWEEN_FAILURES = Duration.ofMinutes(5);
  private static final int FEW_HOSTS = 20;

  /** Records of the same millisecond in two topics have no order. */
  private static final long APART_MS = 10;

  private static final String TAIL = " SASL LOGIN authentication failed: UGFzc3dvcmQ6 ".repeat(5);

  private final KafkaConnection kafka;
  private final KafkaProducer<String, byte[]> producer;
  private final Serializer<Attempt> attempts;
  private final SplittableRandom random = new SplittableRandom(7);
  private int attacks;
  private final int hosts;
  private final long[] offsets;

  AttemptLoad(KafkaConnection kafka) {
    this(kafka, FEW_HOSTS);
  }

  AttemptLoad(KafkaConnection kafka, int hosts) {
    this.kafka = kafka;
    this.hosts = hosts;
    this.offsets = new long[hosts * JAILS.size()];
    this.attempts = kafka.serde(Attempt.class).serializer();
    this.producer =
        new KafkaProducer<>(
            kafka.with(Map.of("linger.ms", 20, "batch.size", 1 << 18, "compression.type", "gzip")),
            new StringSerializer(),
            new ByteArraySerializer());
  }

  /**
   * The jails' policies and recidive's, in force in every partition for what is sent afterwards.
   */
  void sendPolicies(int partitions) throws InterruptedException {
    List<PolicyRecord> policies =
        List.of(
            policy(JAILS.get(0), Duration.ofMinutes(10), Duration.ofHours(1)),
            policy(JAILS.get(1), Duration.ofMinutes(10), Duration.ofHours(1)),
            policy(JAILS.get(2), Duration.ofMinutes(10), Duration.ofHours(1)),
            policy("recidive", Duration.ofDays(1), Duration.ofDays(7)));
    Command marker =
        new Command(Instant.now(), "bench", null, new PolicyMarker(1L, policies, partitions));
    byte[] value = kafka.serde(Command.class).serializer().serialize("", marker);
    for (int partition = 0; partition < partitions; partition++) {
      producer.send(new ProducerRecord<>(kafka.topics().commands(), partition, "*", value));
    }
    producer.flush();
    Thread.sleep(APART_MS);
  }

  /**
   * @param addresses from how many
   * @param until event time of the last; the others' before it
   */
  void send(int records, int addresses, Instant until) {
    double pace = (double) BETWEEN_FAILURES.toMillis() / addresses;
    Instant from = until.minusMillis((long) (records * pace));
    for (int i = 0; i < records; i++) {
      send(random.nextInt(addresses), from.plusMillis((long) (i * pace)));
    }
    producer.flush();
  }

  /** One failure of each address, a millisecond apart. */
  void sendEach(int addresses, Instant until) {
    for (int i = 0; i < addresses; i++) {
      send(i, until.minusMillis(addresses - i));
    }
    producer.flush();
  }

  /** The number of an address that has failed fewer than five times. */
  int attacker() {
    return attacks++ / 5 % 1_000_000;
  }

  /** Sends on what waits for company. */
  void hand() {
    producer.flush();
  }

  /** One failure of the how-manieth address, of 10.0.0.0/8, on some host. */
  void send(int number, Instant time) {
    send(number, random.nextInt(hosts), time, 1);
  }

  /**
   * @param times how often it is delivered: it counts once
   */
  void send(int number, int host, Instant time, int times) {
    String address = address(number);
    String jail = JAILS.get(number % JAILS.size());
    long offset = offsets[host * JAILS.size() + number % JAILS.size()] += 200;
    String line =
        ("relay" + host + " postfix/smtpd[1]: warning: unknown[" + address + "]:" + TAIL)
            .substring(0, 200);
    Attempt attempt =
        new Attempt(
            Outcome.FAILURE,
            jail,
            address,
            "relay" + host,
            time,
            new Position("bench", "/var/log/maillog", 1L, offset, 0),
            "user" + random.nextInt(1_000),
            line);
    byte[] value = attempts.serialize("", attempt);
    for (int i = 0; i < times; i++) {
      producer.send(new ProducerRecord<>(kafka.topics().attempts(), address, value));
    }
  }

  static String address(int number) {
    int n = number + (10 << 24);
    return (n >>> 24) + "." + (n >> 16 & 255) + "." + (n >> 8 & 255) + "." + (n & 255);
  }

  private static PolicyRecord policy(String jail, Duration findtime, Duration bantime) {
    return new PolicyRecord(
        jail,
        findtime.toMillis(),
        bantime.toMillis(),
        5,
        List.of("127.0.0.0/8"),
        ScopeRecord.FLEET,
        128,
        false,
        1.0,
        List.of(),
        null,
        0L,
        false,
        Duration.ofDays(1).toMillis(),
        null,
        0, // few hosts tell of all: the guard would hold their bans back
        Duration.ofHours(1).toMillis(),
        false,
        null,
        0,
        null,
        false,
        Duration.ofDays(30).toMillis(),
        0,
        24,
        64,
        List.of(),
        0);
  }

  @Override
  public void close() {
    producer.close();
  }
}
