package io.banstream.schemas;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/**
 * The schemas that records on the topics were written by before the present one. Avro's
 * single-object encoding names a schema by its fingerprint alone: a reader must have it.
 *
 * <p>A released schema that changes gets a copy of what it was in the next folder of {@code
 * earlier}, with those it refers to.
 */
final class EarlierSchemas {
  private static final int VERSIONS = 4;

  /** Records that others refer to; each before those that refer to it. */
  private static final List<String> SHARED = List.of("Position", "PolicyRecord", "AllowRecord");

  private EarlierSchemas() {}

  /**
   * Every earlier schema of a record, oldest first; none of one that nothing kept was written by.
   */
  static List<Schema> of(String record) {
    List<Schema> schemas = new ArrayList<>();
    for (int version = 1; version <= VERSIONS; version++) {
      if (EarlierSchemas.class.getResource(name(version, record)) != null) {
        schemas.add(schema(version, record));
      }
    }
    return schemas;
  }

  private static String name(int version, String record) {
    return "earlier/" + version + "/" + record + ".avsc";
  }

  private static Schema schema(int version, String record) {
    Schema.Parser parser = new Schema.Parser();
    for (String shared : SHARED) {
      if (!shared.equals(record)) {
        parser.parse(text(version, shared));
      }
    }
    return parser.parse(text(version, record));
  }

  private static String text(int version, String record) {
    try (InputStream in = EarlierSchemas.class.getResourceAsStream(name(version, record))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
