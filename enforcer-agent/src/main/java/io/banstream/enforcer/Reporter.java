package io.banstream.enforcer;

import io.banstream.schemas.Address;
import io.banstream.schemas.AvroSerde;
import io.banstream.schemas.DeadLetter;
import io.banstream.schemas.Enforcement;
import io.banstream.schemas.Heartbeat;
import io.banstream.schemas.KafkaConnection;
import io.banstream.schemas.Key;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Tells the fleet what this host's firewall holds: {@code enforcements} at changes, heartbeats,
 * dead letters. What could not be sent is sent when the broker is back. Its {@link #tick} is one
 * thread's; the other methods may be called by any.
 */
final class Reporter implements AutoCloseable {
  private static final Map<String, Object> CONFIG =
      Map.of(
          "acks", "all",
          "linger.ms", "0",
          "max.block.ms", "2000",
          "request.timeout.ms", "5000",
          "delivery.timeout.ms", "10000");
  private static final int MOST_PAYLOAD = 4096;
  private static final int MOST_DEAD_LETTERS = 1000;
  private static final Duration HEARTBEAT = Duration.ofSeconds(5);
  private static final Duration CLOSE = Duration.ofSeconds(2);

  private final EnforcerSettings settings;
  private final KafkaConnection kafka;
  private final InstantSource clock;
  private final ClockOffset offset;
  private final FirewallChoice choice;
  private final Supplier<List<Address>> own;
  private final Supplier<Optional<String>> wrong;
  private final Instant started;
  private final Pace news = Pace.byCost(Duration.ofMillis(200), Duration.ofMinutes(1));
  private final Pace heartbeat = Pace.each(HEARTBEAT);
  private final Map<String, JailState> pending = new ConcurrentHashMap<>();
  private final Queue<DeadLetter> deadLetters = new ArrayBlockingQueue<>(MOST_DEAD_LETTERS);
  private final AvroSerde<Enforcement> enforcements;
  private final AvroSerde<Heartbeat> heartbeats;
  private final AvroSerde<DeadLetter> letters;
  private Optional<KafkaProducer<String, byte[]>> producer = Optional.empty();
  private volatile Instant answered;
  private volatile String refusal = "no answer";
  private volatile boolean clockMoved;

  /**
   * @param own this host's addresses
   * @param wrong what is wrong with the agent now
   */
  Reporter(
      EnforcerSettings settings,
      ClockOffset offset,
      FirewallChoice choice,
      Supplier<List<Address>> own,
      Supplier<Optional<String>> wrong) {
    this.settings = settings;
    this.kafka = settings.kafka();
    this.enforcements = kafka.serde(Enforcement.class);
    this.heartbeats = kafka.serde(Heartbeat.class);
    this.letters = kafka.serde(DeadLetter.class);
    this.clock = settings.clock();
    this.offset = offset;
    this.choice = choice;
    this.own = own;
    this.wrong = wrong;
    this.started = clock.instant();
    this.answered = started;
  }

  void report(List<JailState> states) {
    states.forEach(state -> pending.put(state.jail(), state));
  }

  void deadLetter(ConsumerRecord<byte[], byte[]> record, String why) {
    byte[] value = record.value() == null ? new byte[0] : record.value();
    String origin = record.topic() + "-" + record.partition() + "@" + record.offset();
    deadLetters.offer(
        new DeadLetter(
            clock.instant(),
            settings.host(),
            origin,
            String.valueOf(why),
            ByteBuffer.wrap(Arrays.copyOf(value, Math.min(value.length, MOST_PAYLOAD)))));
  }

  /** When the broker last acknowledged a record, by this host's clock; at first, the start. */
  Instant answered() {
    return answered;
  }

  /** Why the last heartbeat that failed did, in one line. */
  String unanswered() {
    return settings.kafka() + " takes no heartbeat: " + refusal;
  }

  /** Whether the broker's clock moved against this host's since the last call. */
  boolean takeClockMoved() {
    boolean moved = clockMoved;
    clockMoved = false;
    return moved;
  }

  /** Sends what there is to send. */
  void tick() {
    if (producer.isEmpty()) {
      producer =
          Optional.of(
              new KafkaProducer<>(
                  kafka.with(CONFIG), new StringSerializer(), new ByteArraySerializer()));
    }
    if (heartbeat.due()) {
      beat();
    }
    for (int n = deadLetters.size(); n > 0; n--) {
      DeadLetter letter = deadLetters.remove();
      send(
          kafka.topics().deadLetters(),
          null,
          letter,
          letters,
          (metadata, e) -> {
            if (e != null) {
              deadLetters.offer(letter);
            }
          });
    }
    if (!pending.isEmpty()) {
      news.run(this::tellNews);
    }
  }

  private void tellNews() {
    Map<String, Integer> sizes = choice.firewall().sizes(offset.broker(clock.instant()));
    pending.keySet().forEach(jail -> send(pending.remove(jail), sizes));
  }

  private void send(JailState state, Map<String, Integer> sizes) {
    Map<String, Long> reached = new HashMap<>();
    state.reached().forEach((partition, next) -> reached.put(partition.toString(), next));
    Enforcement value =
        state.withdrawn()
            ? null
            : new Enforcement(
                settings.host(),
                state.jail(),
                choice.kind().word(),
                offset.broker(clock.instant()),
                entries(state.jail(), sizes),
                state.applied(),
                state.failed(),
                state.error().orElse(null),
                state.skipped(),
                reached,
                state.mended());
    send(
        kafka.topics().enforcements(),
        Key.of(settings.host(), state.jail()),
        value,
        enforcements,
        (metadata, e) -> {
          if (e != null) {
            pending.putIfAbsent(state.jail(), state);
          }
        });
  }

  private static int entries(String jail, Map<String, Integer> sizes) {
    return Arrays.stream(Family.values())
        .mapToInt(family -> sizes.getOrDefault(Names.set(jail, family), 0))
        .sum();
  }

  private void beat() {
    Instant sent = clock.instant();
    Heartbeat value =
        new Heartbeat(
            settings.host(),
            "enforce",
            settings.group(),
            version(),
            started,
            sent,
            List.of(),
            wrong.get().orElse(null),
            own.get().stream()
                .filter(a -> !a.isLoopback())
                .limit(64)
                .map(Address::toString)
                .toList());
    send(
        kafka.topics().hosts(),
        Key.of(settings.host(), "enforce"),
        value,
        heartbeats,
        (metadata, e) -> {
          if (e == null) {
            answered = clock.instant();
            clockMoved |= offset.sample(sent, Instant.ofEpochMilli(metadata.timestamp()), answered);
          } else {
            refusal = e.getMessage();
          }
        });
  }

  private static String version() {
    return Optional.ofNullable(Reporter.class.getPackage().getImplementationVersion())
        .orElse("development");
  }

  private <T extends SpecificRecord> void send(
      String topic, String key, T value, AvroSerde<T> serde, Callback callback) {
    try {
      byte[] bytes = serde.serializer().serialize(topic, value);
      producer.orElseThrow().send(new ProducerRecord<>(topic, key, bytes), callback);
    } catch (KafkaException e) {
      callback.onCompletion(null, e);
    }
  }

  @Override
  public void close() {
    producer.ifPresent(p -> p.close(CLOSE));
  }
}
