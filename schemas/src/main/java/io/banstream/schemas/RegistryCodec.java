package io.banstream.schemas;

import org.apache.avro.specific.SpecificRecord;

/** Writes and reads the Confluent wire format: 00, a four-byte schema id, Avro's binary form. */
interface RegistryCodec<T extends SpecificRecord> {
  byte[] encode(String topic, T value);

  T decode(String topic, byte[] bytes);

  /**
   * Confluent's own classes where they are on the class path (Maven profile confluent), or ours.
   */
  static <T extends SpecificRecord> RegistryCodec<T> forRegistry(String url, Class<T> type) {
    ClassLoader loader = RegistryCodec.class.getClassLoader();
    if (ConfluentCodec.isPresent(loader, ConfluentCodec.SERIALIZER)) {
      return new ConfluentCodec<>(
          url, type, loader, ConfluentCodec.SERIALIZER, ConfluentCodec.DESERIALIZER);
    }
    return new SchemaIdCodec<>(new SchemaRegistry(url), type);
  }
}
