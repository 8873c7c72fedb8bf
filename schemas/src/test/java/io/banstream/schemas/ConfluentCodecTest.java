package io.banstream.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.Test;

/**
 * Confluent's classes are not on Maven Central, so stand-ins of the same shape show that classes
 * are found by name, told the registry, and given the topic.
 */
class ConfluentCodecTest {
  private static final DeadLetter LETTER = new DeadLetter();

  @Test
  void classesFoundByNameServe() {
    var codec =
        new ConfluentCodec<>(
            "http://registry.example.com",
            DeadLetter.class,
            getClass().getClassLoader(),
            NamedSerializer.class.getName(),
            NamedDeserializer.class.getName());
    byte[] bytes = codec.encode("dead-letters", LETTER);
    assertThat(new String(bytes, StandardCharsets.UTF_8))
        .isEqualTo("dead-letters by http://registry.example.com");
    assertThat(codec.decode("dead-letters", bytes)).isSameAs(LETTER);
  }

  /** Confluent's deserializer wraps what the network does as it wraps what a record is. */
  @Test
  void aRegistryThatIsAwayIsToldFromABrokenRecord() {
    var codec =
        new ConfluentCodec<>(
            "http://registry.example.com",
            DeadLetter.class,
            getClass().getClassLoader(),
            NamedSerializer.class.getName(),
            CutOffDeserializer.class.getName());
    assertThatThrownBy(() -> codec.decode("away", new byte[5]))
        .isInstanceOf(RegistryException.class)
        .hasMessage("schema registry: Connection refused");
    assertThatThrownBy(() -> codec.decode("broken", new byte[5]))
        .isInstanceOf(SerializationException.class);
  }

  @Test
  void absenceIsNoticed() {
    ClassLoader loader = getClass().getClassLoader();
    assertThat(ConfluentCodec.isPresent(loader, "io.example.Missing")).isFalse();
    assertThat(ConfluentCodec.isPresent(loader, NamedSerializer.class.getName())).isTrue();
  }

  static final class NamedSerializer implements Serializer<Object> {
    private String url = "";

    @Override
    public void configure(Map<String, ?> config, boolean isKey) {
      url = (String) config.get("schema.registry.url");
    }

    @Override
    public byte[] serialize(String topic, Object value) {
      return (topic + " by " + url).getBytes(StandardCharsets.UTF_8);
    }
  }

  static final class CutOffDeserializer implements Deserializer<Object> {
    @Override
    public Object deserialize(String topic, byte[] bytes) {
      throw new SerializationException(
          "can't deserialize",
          topic.equals("away")
              ? new ConnectException("Connection refused")
              : new EOFException("too short"));
    }
  }

  static final class NamedDeserializer implements Deserializer<Object> {
    private boolean specific;

    @Override
    public void configure(Map<String, ?> config, boolean isKey) {
      specific = (Boolean) config.get("specific.avro.reader");
    }

    @Override
    public Object deserialize(String topic, byte[] bytes) {
      return specific && topic.equals("dead-letters") ? LETTER : null;
    }
  }
}
