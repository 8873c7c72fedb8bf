package io.banstream.schemas;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.apache.avro.Schema;

/**
 * The two calls of the Confluent schema registry's API that writing and reading need. Any registry
 * that speaks it serves. {@link HttpURLConnection} rather than the newer client: an agent's memory
 * counts, and this is a call a schema.
 */
final class SchemaRegistry {
  private static final int TIMEOUT_MS = 10_000;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String base;

  SchemaRegistry(String base) {
    this.base = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
  }

  /** The id under which {@code schema} is known for {@code topic}'s values, made if it is new. */
  int register(String topic, Schema schema) {
    String body = JSON.createObjectNode().put("schema", schema.toString()).toString();
    return call("/subjects/" + topic + "-value/versions", body).required("id").asInt();
  }

  Schema schema(int id) {
    JsonNode answer = call("/schemas/ids/" + id, null);
    return new Schema.Parser().parse(answer.required("schema").asText());
  }

  private JsonNode call(String path, String body) {
    String url = base + path;
    try {
      HttpURLConnection http = (HttpURLConnection) URI.create(url).toURL().openConnection();
      http.setConnectTimeout(TIMEOUT_MS);
      http.setReadTimeout(TIMEOUT_MS);
      if (body != null) {
        http.setRequestMethod("POST");
        http.setDoOutput(true);
        http.setRequestProperty("Content-Type", "application/vnd.schemaregistry.v1+json");
        http.getOutputStream().write(body.getBytes(StandardCharsets.UTF_8));
      }
      if (http.getResponseCode() != HttpURLConnection.HTTP_OK) {
        throw new IOException("schema registry " + url + " answered " + http.getResponseCode());
      }
      try (InputStream in = http.getInputStream()) {
        return JSON.readTree(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("schema registry " + url + ": " + e.getMessage(), e);
    }
  }
}
