package io.banstream.processor;

import io.banstream.schemas.AvroSerde;
import io.banstream.schemas.RegistryException;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits while the schema registry does not serve: no record is at fault, and a stream thread that
 * failed instead would read its state anew at each attempt. Only schemas not known yet are asked
 * for; the broker aborts a transaction that waits too long, and Streams begins that one again.
 */
final class RegistryPatience implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RegistryPatience.class);
  private static final long PAUSE_MS = 1_000;

  private final CountDownLatch closing = new CountDownLatch(1);
  private volatile Optional<String> trouble = Optional.empty();

  <T extends SpecificRecord> Serializer<T> serializer(AvroSerde<T> serde) {
    Serializer<T> serializer = serde.serializer();
    return (topic, value) -> served(() -> serializer.serialize(topic, value));
  }

  <T extends SpecificRecord> Deserializer<T> deserializer(AvroSerde<T> serde) {
    Deserializer<T> deserializer = serde.deserializer();
    return (topic, bytes) -> served(() -> deserializer.deserialize(topic, bytes));
  }

  /** Why it waits now. */
  Optional<String> trouble() {
    return trouble;
  }

  private <R> R served(Supplier<R> call) {
    while (true) {
      try {
        R result = call.get();
        if (trouble.isPresent()) {
          trouble = Optional.empty();
          LOG.info("the registry serves again");
        }
        return result;
      } catch (RegistryException e) {
        if (!trouble.equals(Optional.of(e.getMessage()))) {
          trouble = Optional.of(e.getMessage());
          LOG.warn("waiting: {}", e.getMessage());
        }
        if (isClosedWithin(PAUSE_MS)) {
          throw e;
        }
      }
    }
  }

  private boolean isClosedWithin(long millis) {
    try {
      return closing.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** Who waits gives up. */
  @Override
  public void close() {
    closing.countDown();
  }
}
