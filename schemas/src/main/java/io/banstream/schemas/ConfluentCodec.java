package io.banstream.schemas;

import java.io.InterruptedIOException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Confluent's own serializer and deserializer, loaded by name: they are not on Maven Central, so
 * nothing here may be compiled against them.
 */
final class ConfluentCodec<T extends SpecificRecord> implements RegistryCodec<T> {
  static final String SERIALIZER = "io.confluent.kafka.serializers.KafkaAvroSerializer";
  static final String DESERIALIZER = "io.confluent.kafka.serializers.KafkaAvroDeserializer";

  private final Class<T> type;
  private final Serializer<Object> serializer;
  private final Deserializer<Object> deserializer;

  ConfluentCodec(
      String url,
      Class<T> type,
      ClassLoader loader,
      String serializerClass,
      String deserializerClass) {
    this.type = type;
    this.serializer = create(loader, serializerClass);
    this.deserializer = create(loader, deserializerClass);
    // Both keep what they know of the registry; the topic alone tells records apart.
    Map<String, Object> config =
        Map.of(
            KafkaConnection.REGISTRY,
            url,
            "specific.avro.reader",
            true,
            "auto.register.schemas",
            true);
    serializer.configure(config, false);
    deserializer.configure(config, false);
  }

  static boolean isPresent(ClassLoader loader, String name) {
    try {
      Class.forName(name, false, loader);
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  @SuppressWarnings("unchecked") // Confluent's classes serve Object, whatever they are asked for.
  private static <C> C create(ClassLoader loader, String name) {
    try {
      return (C) Class.forName(name, true, loader).getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(name + " can't be made: " + e, e);
    }
  }

  @Override
  public byte[] encode(String topic, T value) {
    return served(() -> serializer.serialize(topic, value));
  }

  @Override
  public T decode(String topic, byte[] bytes) {
    return type.cast(served(() -> deserializer.deserialize(topic, bytes)));
  }

  /** Confluent's classes wrap a network's failure as they do a broken record's: told apart here. */
  private static <R> R served(Supplier<R> call) {
    try {
      return call.get();
    } catch (SerializationException e) {
      for (Throwable c = e.getCause(); c != null; c = c.getCause()) {
        if (c instanceof SocketException
            || c instanceof UnknownHostException
            || c instanceof InterruptedIOException) {
          throw new RegistryException("schema registry: " + c.getMessage(), e);
        }
      }
      throw e;
    }
  }
}
