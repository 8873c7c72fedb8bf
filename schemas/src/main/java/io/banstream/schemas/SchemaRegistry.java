package io.banstream.schemas;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.apache.avro.Schema;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;

/**
 * The two calls of the Confluent schema registry's API that writing and reading need. Any registry
 * that speaks it serves. {@link HttpURLConnection} rather than the newer client: an agent's memory
 * counts, and this is a call a schema.
 *
 * <p>Both calls raise {@link RegistryException} where the registry does not serve.
 */
final class SchemaRegistry {
  private static final int TIMEOUT_MS = 10_000;
  private static final int LARGEST_ERROR = 1 << 16; // bytes
  private static final int LONGEST_REASON = 300;

  /** The API's error_code. */
  private static final int SCHEMA_NOT_FOUND = 40403;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final String base;

  SchemaRegistry(String base) {
    this.base = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
  }

  /** The id under which {@code schema} is known for {@code topic}'s values, made if it is new. */
  int register(String topic, Schema schema) {
    String url = base + "/subjects/" + topic + "-value/versions";
    JsonNode id = answered(url, JSON.createObjectNode().put("schema", schema.toString()));
    return required(id, "id", url).asInt();
  }

  /**
   * @throws SerializationException if the registry knows no such schema
   */
  Schema schema(int id) {
    String url = base + "/schemas/ids/" + id;
    return new Schema.Parser().parse(required(answered(url, null), "schema", url).asText());
  }

  private static JsonNode required(JsonNode answer, String field, String url) {
    if (!answer.has(field)) {
      throw new RegistryException("schema registry " + url + " gave no " + field);
    }
    return answer.get(field);
  }

  private static JsonNode answered(String url, JsonNode body) {
    try {
      HttpURLConnection http = (HttpURLConnection) URI.create(url).toURL().openConnection();
      http.setConnectTimeout(TIMEOUT_MS);
      http.setReadTimeout(TIMEOUT_MS);
      if (body != null) {
        http.setRequestMethod("POST");
        http.setDoOutput(true);
        http.setRequestProperty("Content-Type", "application/vnd.schemaregistry.v1+json");
        http.getOutputStream().write(body.toString().getBytes(StandardCharsets.UTF_8));
      }
      int status = http.getResponseCode();
      if (status != HttpURLConnection.HTTP_OK) {
        throw refusal(url, status, http.getErrorStream());
      }
      try (InputStream in = http.getInputStream()) {
        return JSON.readTree(in);
      }
    } catch (IOException e) {
      throw new RegistryException("schema registry " + url + ": " + e.getMessage(), e);
    }
  }

  /** Only the registry's own word that it has no such schema is the record's fault. */
  private static KafkaException refusal(String url, int status, InputStream stream) {
    JsonNode error = error(stream);
    String words = error.path("message").asText("").replaceAll("\\s+|\\p{Cntrl}", " ");
    String what =
        ("schema registry " + url + " answered " + status + ": ")
            + words.substring(0, Math.min(words.length(), LONGEST_REASON));
    return error.path("error_code").asInt() == SCHEMA_NOT_FOUND
        ? new SerializationException(what)
        : new RegistryException(what);
  }

  private static JsonNode error(InputStream stream) {
    if (stream == null) {
      return MissingNode.getInstance();
    }
    try (stream) {
      return JSON.readTree(stream.readNBytes(LARGEST_ERROR));
    } catch (IOException e) {
      return MissingNode.getInstance(); // a proxy's page, say: the status tells enough
    }
  }
}
