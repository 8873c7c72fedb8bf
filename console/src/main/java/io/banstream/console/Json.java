package io.banstream.console;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.stream.Stream;

/** The JSON of the interface: every instant twice, as ISO 8601 in UTC and in epoch seconds. */
final class Json {
  static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int MILLIS = 3;

  private Json() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** {@code key} and {@code keyEpoch}; both null where there is no such time: for ever, never. */
  static void instant(ObjectNode node, String key, Instant at) {
    if (at == null) {
      node.putNull(key).putNull(key + "Epoch");
    } else {
      node.put(key, at.toString());
      node.put(key + "Epoch", BigDecimal.valueOf(at.toEpochMilli(), MILLIS).stripTrailingZeros());
    }
  }

  static ArrayNode strings(Collection<?> values) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    values.forEach(v -> array.add(v.toString()));
    return array;
  }

  static ArrayNode array(Stream<? extends JsonNode> nodes) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    nodes.forEach(array::add);
    return array;
  }
}
