package io.banstream.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.specific.SpecificData;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code src/test/resources/frozen} holds every record as it was first sent. An old agent reads
 * what a new one writes and the other way round, so a fleet is upgraded host by host.
 */
class SchemaEvolutionTest {
  private static final List<String> SHARED = List.of("Position", "PolicyRecord", "AllowRecord");

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
  void frozenAndPresentSchemasReadEachOther(Class<?> type) throws IOException {
    Schema present = SpecificData.get().getSchema(type);
    Schema frozen = frozen(type.getSimpleName());
    assertThat(compatibility(present, frozen)).as("new reads old").isEqualTo(compatible());
    assertThat(compatibility(frozen, present)).as("old reads new").isEqualTo(compatible());
  }

  @ParameterizedTest
  @MethodSource("topicValues")
  void everyRecordAndFieldIsDocumented(Class<?> type) {
    List<String> bare = new ArrayList<>();
    findBare(SpecificData.get().getSchema(type), bare, new HashSet<>());
    assertThat(bare).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("topicValues")
  void frozenSchemaIsStillOnDisk(Class<?> type) {
    Path frozen = Path.of("src/test/resources/frozen", type.getSimpleName() + ".avsc");
    assertThat(Files.exists(frozen)).isTrue();
  }

  private static SchemaCompatibilityType compatible() {
    return SchemaCompatibilityType.COMPATIBLE;
  }

  private static SchemaCompatibilityType compatibility(Schema reader, Schema writer) {
    return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer).getType();
  }

  private static Schema frozen(String name) throws IOException {
    Schema.Parser parser = new Schema.Parser();
    for (String shared : SHARED) {
      if (!shared.equals(name)) {
        parser.parse(file(shared));
      }
    }
    return parser.parse(file(name));
  }

  private static File file(String name) {
    return new File("src/test/resources/frozen/" + name + ".avsc");
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
