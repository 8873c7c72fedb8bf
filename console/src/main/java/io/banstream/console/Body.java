package io.banstream.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.banstream.schemas.Address;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** An order's JSON, read key by key: what is not as expected is refused with key and value. */
final class Body {
  private static final long LAST_SECOND = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();

  private final ObjectNode json;

  /**
   * @param known the keys that the order has; another one is refused, it may be mistyped
   */
  private Body(ObjectNode json, Set<String> known) {
    this.json = json;
    for (Iterator<String> keys = json.fieldNames(); keys.hasNext(); ) {
      String key = keys.next();
      if (!known.contains(key)) {
        throw new IllegalArgumentException(
            Plain.text(key) + " is no key of this order, expected " + String.join(", ", known));
      }
    }
  }

  static Body read(byte[] bytes, Set<String> known) {
    try {
      if (Json.MAPPER.readTree(bytes) instanceof ObjectNode object) {
        return new Body(object, known);
      }
      throw new IllegalArgumentException("the body is no JSON object");
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("the body is no JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new IllegalArgumentException("the body can't be read: " + e.getMessage(), e);
    }
  }

  Optional<String> text(String key) {
    JsonNode value = json.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return Optional.empty();
    }
    require(value.isTextual(), key, value, "text");
    return Optional.of(value.asText());
  }

  String requiredText(String key) {
    return text(key)
        .filter(t -> !t.isBlank())
        .orElseThrow(() -> new IllegalArgumentException(key + " is missing"));
  }

  boolean flag(String key) {
    JsonNode value = json.path(key);
    require(value.isMissingNode() || value.isBoolean(), key, value, "true or false");
    return value.asBoolean(false);
  }

  Address address(String key) {
    String text = requiredText(key).strip();
    return Address.tryParse(text)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    key + " = " + Plain.text(text) + ", expected an IP address or network"));
  }

  boolean has(String key) {
    return json.hasNonNull(key);
  }

  /** Seconds; empty: not given, or -1, for ever. */
  Optional<Duration> length(String key) {
    JsonNode value = json.path(key);
    if (!has(key)) {
      return Optional.empty();
    }
    boolean whole = value.isIntegralNumber() && value.canConvertToLong();
    require(
        whole && (value.asLong() == -1 || value.asLong() > 0),
        key,
        value,
        "seconds, or -1 for ever");
    return value.asLong() == -1
        ? Optional.empty()
        : Optional.of(Duration.ofSeconds(value.asLong()));
  }

  /** Whole seconds since 1970. */
  Instant instant(String key) {
    JsonNode value = json.path(key);
    boolean whole = value.isIntegralNumber() && value.canConvertToLong();
    boolean possible = value.asLong() >= 0 && value.asLong() < LAST_SECOND;
    require(whole && possible, key, value, "seconds since 1970");
    return Instant.ofEpochSecond(value.asLong());
  }

  /**
   * @param known the keys that each object of the list has
   */
  List<Body> objects(String key, Set<String> known) {
    JsonNode value = json.path(key);
    require(value.isArray(), key, value, "a list");
    List<Body> objects = new ArrayList<>();
    for (JsonNode element : value) {
      require(element.isObject(), key, element, "a list of objects");
      objects.add(new Body((ObjectNode) element, known));
    }
    return objects;
  }

  List<String> texts(String key) {
    JsonNode value = json.path(key);
    require(value.isArray(), key, value, "a list");
    List<String> texts = new ArrayList<>();
    for (JsonNode element : value) {
      require(element.isTextual(), key, element, "a list of texts");
      texts.add(element.asText());
    }
    return texts;
  }

  private static void require(boolean holds, String key, JsonNode value, String expected) {
    if (!holds) {
      String text = value.isMissingNode() ? "nothing" : value.toString();
      String shown = text.length() > 100 ? text.substring(0, 100) + "..." : text;
      throw new IllegalArgumentException(
          key + " = " + Plain.text(shown) + ", expected " + expected);
    }
  }
}
