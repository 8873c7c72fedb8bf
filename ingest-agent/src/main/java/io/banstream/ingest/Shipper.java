package io.banstream.ingest;

import io.banstream.schemas.Attempt;
import io.banstream.schemas.DeadLetter;
import io.banstream.schemas.Heartbeat;
import io.banstream.schemas.KafkaConnection;
import io.banstream.schemas.Key;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Sends to Kafka in order, until something can't be sent. From then on nothing more goes out: were
 * a later record to arrive without an earlier one, the earlier one, sent again, would be taken for
 * a repetition. Who sends closes this one, and begins again from the checkpoint with another.
 */
final class Shipper implements AutoCloseable {
  /** Records on their way, at most: reading waits, the log is the buffer. */
  private static final int MOST_OPEN = 4_000;

  /** A broker is away that does not answer for so long. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final int PAYLOAD = 4096;

  private final KafkaConnection kafka;
  private final String host;
  private final InstantSource clock;
  private final Serializer<Attempt> attempts;
  private final Serializer<DeadLetter> deadLetters;
  private final Serializer<Heartbeat> heartbeats;
  private final Producer<byte[], byte[]> producer;

  private final AtomicReference<Exception> failure = new AtomicReference<>();
  private final AtomicReference<String> aside = new AtomicReference<>();
  private final AtomicInteger open = new AtomicInteger();
  private final Queue<TooLarge> tooLarge = new ConcurrentLinkedQueue<>();
  private Epoch epoch = new Epoch();

  private record TooLarge(Attempt attempt, Epoch epoch) {}

  Shipper(KafkaConnection kafka, String host, InstantSource clock) {
    this.kafka = kafka;
    this.host = host;
    this.clock = clock;
    this.attempts = kafka.serde(Attempt.class).serializer();
    this.deadLetters = kafka.serde(DeadLetter.class).serializer();
    this.heartbeats = kafka.serde(Heartbeat.class).serializer();
    this.producer =
        new KafkaProducer<>(
            kafka.with(settings(host)), new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static Map<String, String> settings(String host) {
    Map<String, String> settings = new HashMap<>();
    settings.put("client.id", "ingest-" + host);
    settings.put("acks", "all");
    settings.put("enable.idempotence", "true");
    // Idempotence alone does not keep the order: where a partition's first batch is refused for a
    // moment (its leader is not ready) and the second is not, the broker, which does not know the
    // producer there yet, takes the second for the first.
    settings.put("max.in.flight.requests.per.connection", "1");
    settings.put("compression.type", "gzip");
    settings.put("linger.ms", "1");
    settings.put("batch.size", Integer.toString(1 << 16));
    settings.put("buffer.memory", Integer.toString(4 << 20));
    settings.put("max.block.ms", Long.toString(PATIENCE.toMillis()));
    settings.put("request.timeout.ms", Long.toString(PATIENCE.toMillis()));
    settings.put("delivery.timeout.ms", Long.toString(PATIENCE.multipliedBy(3).toMillis()));
    settings.put("enable.metrics.push", "false");
    return settings;
  }

  /** The epoch of what is to be sent now, with one thing begun in it. */
  Epoch begin() {
    epoch.begun();
    return epoch;
  }

  /** Ends the present epoch and gives it; the next one begins. */
  Epoch turn() {
    Epoch ended = epoch;
    epoch = new Epoch();
    return ended;
  }

  /** Whether reading had better wait. */
  boolean isFull() {
    return open.get() >= MOST_OPEN;
  }

  /** Why nothing more is sent. */
  Optional<Exception> failure() {
    return Optional.ofNullable(failure.get());
  }

  /** What went wrong beside the attempts: with a heartbeat, a dead letter. */
  Optional<String> aside() {
    return Optional.ofNullable(aside.get());
  }

  /**
   * @param counted the address that it is counted as: the key
   * @param begun done once the broker has it
   */
  void attempt(Attempt attempt, String counted, Epoch begun) {
    open.incrementAndGet();
    send(
        kafka.topics().attempts(),
        counted,
        attempts,
        attempt,
        e -> {
          open.decrementAndGet();
          if (e == null) {
            begun.done();
          } else if (e instanceof RecordTooLargeException) {
            tooLarge.add(new TooLarge(attempt, begun));
          } else {
            fail(e);
          }
        });
  }

  /** Puts aside what the broker found too large; to be called now and then. */
  void putAside() {
    for (TooLarge t = tooLarge.poll(); t != null; t = tooLarge.poll()) {
      var at = t.attempt.getPosition();
      String origin = at.getSource() + "@" + at.getGeneration() + ":" + at.getOffset();
      deadLetter(origin, "too large for " + kafka.topics().attempts(), bytes(t.attempt), t.epoch);
    }
  }

  private static byte[] bytes(SpecificRecord value) {
    return value.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * @param payload cut at 4096 bytes
   */
  void deadLetter(String origin, String why, byte[] payload) {
    deadLetter(origin, why, payload, begin());
  }

  private void deadLetter(String origin, String why, byte[] payload, Epoch begun) {
    ByteBuffer cut = ByteBuffer.wrap(payload, 0, Math.min(payload.length, PAYLOAD));
    DeadLetter letter = new DeadLetter(now(), host, origin, why, cut);
    String topic = kafka.topics().deadLetters();
    send(
        topic,
        null,
        deadLetters,
        letter,
        e -> {
          if (e == null) {
            begun.done();
          } else if (isForGood(e)) {
            aside.set(topic + ": " + e.getMessage());
            begun.done();
          } else {
            fail(e);
          }
        });
  }

  void heartbeat(Heartbeat heartbeat) {
    String topic = kafka.topics().hosts();
    send(
        topic,
        Key.of(heartbeat.getHost(), heartbeat.getRole()),
        heartbeats,
        heartbeat,
        e -> {
          if (e != null && !isForGood(e)) {
            fail(e);
          } else {
            aside.set(e == null ? null : topic + ": " + e.getMessage());
          }
        });
  }

  /** Sent again it would be refused again. */
  private static boolean isForGood(Exception e) {
    return e instanceof AuthorizationException || e instanceof RecordTooLargeException;
  }

  private Instant now() {
    return Instant.ofEpochMilli(clock.millis());
  }

  private interface Sent {
    void completed(Exception e);
  }

  private <T> void send(String topic, String key, Serializer<T> values, T value, Sent sent) {
    if (failure.get() != null) {
      return;
    }
    try {
      byte[] keyed = key == null ? null : key.getBytes(StandardCharsets.UTF_8);
      producer.send(
          new ProducerRecord<>(topic, keyed, values.serialize(topic, value)),
          (metadata, e) -> sent.completed(e));
    } catch (KafkaException | IllegalStateException e) {
      // No memory, no metadata or no registry in time, interrupted, or closed by a failure just
      // now.
      fail(e);
    }
  }

  /**
   * Closes the producer from its own thread, where this is called on a failed delivery: before it
   * could send the batches behind the failed one.
   */
  private void fail(Exception e) {
    if (failure.compareAndSet(null, e)) {
      producer.close(Duration.ZERO);
    }
  }

  /** Gives what is on its way {@code patience} to arrive. */
  void close(Duration patience) {
    producer.close(patience);
  }

  @Override
  public void close() {
    producer.close(Duration.ZERO);
  }
}
