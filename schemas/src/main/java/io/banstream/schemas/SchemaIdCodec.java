package io.banstream.schemas;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;

/** Our own client of the Confluent wire format. */
final class SchemaIdCodec<T extends SpecificRecord> implements RegistryCodec<T> {
  private static final int HEADER = 1 + Integer.BYTES;

  private final SchemaRegistry registry;
  private final Schema schema;
  private final SpecificData model;
  private final Map<String, Integer> writtenIds = new ConcurrentHashMap<>();
  private final Map<Integer, SpecificDatumReader<T>> readers = new ConcurrentHashMap<>();

  SchemaIdCodec(SchemaRegistry registry, Class<T> type) {
    this.registry = registry;
    this.schema = SpecificData.get().getSchema(type);
    this.model = SpecificData.getForClass(type);
  }

  @Override
  public byte[] encode(String topic, T value) {
    int id = writtenIds.computeIfAbsent(topic, t -> registry.register(t, schema));
    ByteArrayOutputStream out = new ByteArrayOutputStream(256);
    out.writeBytes(ByteBuffer.allocate(HEADER).put((byte) 0).putInt(id).array());
    try {
      BinaryEncoder binary = EncoderFactory.get().directBinaryEncoder(out, null);
      new SpecificDatumWriter<T>(schema, model).write(value, binary);
      binary.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  @Override
  public T decode(String topic, byte[] bytes) {
    int id = ByteBuffer.wrap(bytes, 1, Integer.BYTES).getInt();
    var reader =
        readers.computeIfAbsent(
            id, i -> new SpecificDatumReader<>(registry.schema(i), schema, model));
    try {
      return reader.read(
          null, DecoderFactory.get().binaryDecoder(bytes, HEADER, bytes.length - HEADER, null));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
