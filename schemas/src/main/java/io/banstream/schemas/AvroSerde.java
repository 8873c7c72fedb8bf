package io.banstream.schemas;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.message.BinaryMessageDecoder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
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
 * {@link SerializationException}.
 *
 * <p>Safe for use by several threads.
 */
public final class AvroSerde<T extends SpecificRecord> implements Serde<T> {
  private static final byte CONFLUENT = 0;
  private static final int CONFLUENT_HEADER = 5;

  static {
    // Avro 1.12.2 decodes into generated classes only where they are named as trusted.
    ClassSecurityValidator.setGlobal(
        ClassSecurityValidator.composite(
            ClassSecurityValidator.DEFAULT, c -> c.getName().startsWith("io.banstream.schemas.")));
  }

  private final Class<T> type;
  private final Schema schema;
  private final SpecificData model;
  private final BinaryMessageEncoder<T> encoder;
  private final BinaryMessageDecoder<T> decoder;
  private final Optional<SchemaRegistry> registry;
  private final Map<String, Integer> writtenIds = new ConcurrentHashMap<>();
  private final Map<Integer, SpecificDatumReader<T>> readers = new ConcurrentHashMap<>();

  /**
   * @param registry base URL of a schema registry; empty: the single-object encoding is written,
   *     and the Confluent format can't be read
   */
  public AvroSerde(Class<T> type, Optional<String> registry) {
    this.type = type;
    this.schema = SpecificData.get().getSchema(type);
    this.model = SpecificData.getForClass(type);
    this.encoder = new BinaryMessageEncoder<>(model, schema);
    this.decoder = new BinaryMessageDecoder<>(model, schema);
    this.registry = registry.map(SchemaRegistry::new);
  }

  @Override
  public Serializer<T> serializer() {
    return (topic, value) -> value == null ? null : encode(topic, value);
  }

  @Override
  public Deserializer<T> deserializer() {
    return (topic, bytes) -> bytes == null ? null : decode(bytes);
  }

  private byte[] encode(String topic, T value) {
    try {
      if (registry.isEmpty()) {
        ByteBuffer buffer = encoder.encode(value);
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
      }
      int id = writtenIds.computeIfAbsent(topic, t -> registry.get().register(t, schema));
      ByteArrayOutputStream out = new ByteArrayOutputStream(256);
      out.write(CONFLUENT);
      out.write(ByteBuffer.allocate(Integer.BYTES).putInt(id).array());
      BinaryEncoder binary = EncoderFactory.get().directBinaryEncoder(out, null);
      new SpecificDatumWriter<T>(schema, model).write(value, binary);
      binary.flush();
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private T decode(byte[] bytes) {
    try {
      if (bytes.length >= CONFLUENT_HEADER && bytes[0] == CONFLUENT) {
        int id = ByteBuffer.wrap(bytes, 1, Integer.BYTES).getInt();
        var binary =
            DecoderFactory.get()
                .binaryDecoder(bytes, CONFLUENT_HEADER, bytes.length - CONFLUENT_HEADER, null);
        return readers.computeIfAbsent(id, this::reader).read(null, binary);
      }
      return decoder.decode(bytes);
    } catch (IOException | RuntimeException e) {
      throw new SerializationException("not a " + type.getSimpleName() + ": " + e, e);
    }
  }

  private SpecificDatumReader<T> reader(int id) {
    Schema written =
        registry
            .orElseThrow(() -> new SerializationException("schema " + id + " needs a registry"))
            .schema(id);
    return new SpecificDatumReader<>(written, schema, model);
  }
}
