package io.banstream.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.Incompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaCompatibility.SchemaIncompatibilityType;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every record as it was sent before is known ({@link EarlierSchemas}). Old and new agents can read
 * each other, so a fleet is upgraded host by host.
 */
class SchemaEvolutionTest {
  static Stream<Class<?>> topicValues() {
    return Stream.of(
        Attempt.class,
        Decision.class,
        Evidence.class,
        JailRecord.class,
        Command.class,
        AllowRecord.class,
        Totals.class,
        Enforcement.class,
        Heartbeat.class,
        DeadLetter.class);
  }

  @ParameterizedTest
  @MethodSource("topicValues")
  void earlierAndPresentSchemasReadEachOther(Class<?> type) {
    Schema present = SpecificData.get().getSchema(type);
    List<Schema> known = EarlierSchemas.of(type.getSimpleName());
    assertThat(known).isNotEmpty();
    for (Schema earlier : known) {
      assertThat(compatibility(present, earlier)).as("new reads old").isEqualTo(compatible());
      assertThat(unreadable(earlier, present)).as("old reads new").isEmpty();
    }
  }

  @Test
  void aRecordOfAnEarlierSchemaIsRead() throws IOException {
    Schema earlier = EarlierSchemas.of("Command").get(0);
    Schema ban =
        earlier.getField("order").schema().getTypes().stream()
            .filter(s -> s.getName().equals("BanOrder"))
            .findFirst()
            .orElseThrow();
    GenericRecord order =
        new GenericRecordBuilder(ban).set("address", "192.0.2.1").set("jail", "manual").build();
    GenericRecord command =
        new GenericRecordBuilder(earlier)
            .set("time", 1000L)
            .set("who", "op")
            .set("order", order)
            .build();
    assertThat(read(Command.class, encoded(earlier, command)))
        .isEqualTo(
            new Command(
                Instant.ofEpochMilli(1000),
                "op",
                null,
                new BanOrder("192.0.2.1", "manual", null, null)));
  }

  static Stream<Schema> earlierMarkers() {
    return EarlierSchemas.of("PolicyMarker").stream();
  }

  /** A processor's own store keeps it: a new processor goes on with an old one's. */
  @ParameterizedTest
  @MethodSource("earlierMarkers")
  void aMarkerThatAnEarlierProcessorKeptIsRead(Schema earlier) throws IOException {
    Schema policy = earlier.getField("policies").schema().getElementType();
    GenericRecord sasl =
        new GenericRecordBuilder(policy)
            .set("jail", "sasl")
            .set("findtimeMs", 600_000L)
            .set("bantimeMs", -1L)
            .set("maxretry", 3)
            .set("ignoreip", List.of())
            .set("scope", new GenericData.EnumSymbol(policy.getField("scope").schema(), "FLEET"))
            .set("ipv6prefix", 128)
            .set("increment", false)
            .set("factor", 1.0)
            .set("multipliers", List.of())
            .set("rndtimeMs", 0L)
            .set("overalljails", false)
            .set("dbpurgeageMs", 86_400_000L)
            .build();
    GenericRecord marker =
        new GenericRecordBuilder(earlier).set("version", 7L).set("policies", List.of(sasl)).build();
    PolicyMarker read = read(PolicyMarker.class, encoded(earlier, marker));
    assertThat(read.getVersion()).isEqualTo(7);
    assertThat(read.getPartitions()).isEqualTo(1);
    assertThat(read.getPolicies())
        .extracting(
            PolicyRecord::getJail,
            PolicyRecord::getGuardBans,
            PolicyRecord::getGuardTimeMs,
            PolicyRecord::getGuardConfirm)
        .containsExactly(tuple("sasl", 500, 3_600_000L, false));
  }

  private static byte[] encoded(Schema schema, GenericRecord record) throws IOException {
    ByteBuffer bytes = new BinaryMessageEncoder<>(new GenericData(), schema).encode(record);
    byte[] value = new byte[bytes.remaining()];
    bytes.get(value);
    return value;
  }

  private static <T extends SpecificRecord> T read(Class<T> type, byte[] value) {
    return new AvroSerde<>(type, Optional.empty()).deserializer().deserialize("", value);
  }

  static Stream<Class<?>> records() {
    return Stream.concat(topicValues(), Stream.of(Alert.class, Applied.class));
  }

  @ParameterizedTest
  @MethodSource("records")
  void everyRecordAndFieldIsDocumented(Class<?> type) {
    List<String> bare = new ArrayList<>();
    findBare(SpecificData.get().getSchema(type), bare, new HashSet<>());
    assertThat(bare).isEmpty();
  }

  /**
   * What keeps the old from the new, but for an order that it does not know: that alone becomes a
   * dead letter there.
   */
  private static List<Incompatibility> unreadable(Schema earlier, Schema present) {
    return SchemaCompatibility.checkReaderWriterCompatibility(earlier, present)
        .getResult()
        .getIncompatibilities()
        .stream()
        .filter(
            i ->
                i.getType() != SchemaIncompatibilityType.MISSING_UNION_BRANCH
                    || !earlier.getName().equals("Command"))
        .toList();
  }

  private static SchemaCompatibilityType compatible() {
    return SchemaCompatibilityType.COMPATIBLE;
  }

  private static SchemaCompatibilityType compatibility(Schema reader, Schema writer) {
    return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer).getType();
  }

  private static void findBare(Schema schema, List<String> bare, Set<String> seen) {
    switch (schema.getType()) {
      case UNION -> schema.getTypes().forEach(t -> findBare(t, bare, seen));
      case ARRAY -> findBare(schema.getElementType(), bare, seen);
      case MAP -> findBare(schema.getValueType(), bare, seen);
      case ENUM -> note(schema.getDoc(), schema.getName(), bare);
      case RECORD -> {
        if (seen.add(schema.getFullName())) {
          note(schema.getDoc(), schema.getName(), bare);
          for (Schema.Field field : schema.getFields()) {
            note(field.doc(), schema.getName() + "." + field.name(), bare);
            findBare(field.schema(), bare, seen);
          }
        }
      }
      default -> {}
    }
  }

  private static void note(String doc, String name, List<String> bare) {
    if (doc == null || doc.isBlank()) {
      bare.add(name);
    }
  }
}
