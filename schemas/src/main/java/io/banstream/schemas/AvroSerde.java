package io.banstream.schemas;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.apache.avro.util.ClassSecurityValidator;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Avro values on a topic. Two encodings travel, told apart by their first byte, and both are read:
 * Avro's single-object encoding (C3 01, written where there is no registry) and the Confluent wire
 * format (00 and a four-byte schema id, written where there is one). Bytes that are neither raise
 * {@link SerializationException}, also a schema id that the registry does not know; a registry that
 * does not serve raises {@link RegistryException}.
 *
 * <p>Safe for use by several threads.
 */
public final class AvroSerde<T extends SpecificRecord> implements Serde<T> {
  private static final byte CONFLUENT = 0;
  private static final int CONFLUENT_HEADER = 5;

  /**
   * What a process has learnt from a registry it keeps: while that is away, the known schemas serve
   * on, also whoever connects to Kafka anew.
   */
  private static final Map<Registered, RegistryCodec<?>> CODECS = new ConcurrentHashMap<>();

  private record Registered(String url, Class<? extends SpecificRecord> type) {}

  static {
    // Avro 1.12.2 decodes into generated classes only where they are named as trusted.
    ClassSecurityValidator.setGlobal(
        ClassSecurityValidator.composite(
            ClassSecurityValidator.DEFAULT, c -> c.getName().startsWith("io.banstream.schemas.")));
  }

  private final Class<T> type;
  private final BinaryMessageEncoder<T> encoder;
  private final BinaryMessageDecoder<T> decoder;
  private final Optional<RegistryCodec<T>> registered;

  /**
   * @param registry base URL of a schema registry; empty: the single-object encoding is written,
   *     and the Confluent format can't be read
   */
  public AvroSerde(Class<T> type, Optional<String> registry) {
    Schema schema = SpecificData.get().getSchema(type);
    SpecificData model = SpecificData.getForClass(type);
    this.type = type;
    this.encoder = new BinaryMessageEncoder<>(model, schema);
    this.decoder = new BinaryMessageDecoder<>(model, schema);
    EarlierSchemas.of(type.getSimpleName()).forEach(decoder::addSchema);
    this.registered = registry.map(url -> codec(url, type));
  }

  @SuppressWarnings("unchecked") // The type is part of the key.
  private static <T extends SpecificRecord> RegistryCodec<T> codec(String url, Class<T> type) {
    return (RegistryCodec<T>)
        CODECS.computeIfAbsent(
            new Registered(url, type), r -> RegistryCodec.forRegistry(r.url(), r.type()));
  }

  @Override
  public Serializer<T> serializer() {
    return (topic, value) -> value == null ? null : encode(topic, value);
  }

  @Override
  public Deserializer<T> deserializer() {
    return (topic, bytes) -> bytes == null ? null : decode(topic, bytes);
  }

  private byte[] encode(String topic, T value) {
    if (registered.isPresent()) {
      return registered.get().encode(topic, value);
    }
    try {
      ByteBuffer buffer = encoder.encode(value);
      byte[] bytes = new byte[buffer.remaining()];
      buffer.get(bytes);
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private T decode(String topic, byte[] bytes) {
    try {
      if (bytes.length < CONFLUENT_HEADER || bytes[0] != CONFLUENT) {
        return decoder.decode(bytes);
      }
      return registered
          .orElseThrow(
              () ->
                  new SerializationException(
                      "schema " + ByteBuffer.wrap(bytes).getInt(1) + " needs a registry"))
          .decode(topic, bytes);
    } catch (RegistryException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw new SerializationException("not a " + type.getSimpleName() + ": " + e, e);
    }
  }
}
