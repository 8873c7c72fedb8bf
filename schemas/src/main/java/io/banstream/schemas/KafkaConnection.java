package io.banstream.schemas;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How a part reaches Kafka.
 *
 * @param client client properties common to all: {@code bootstrap.servers}, security; never logged
 * @param topics the topics' names
 * @param registry base URL of a schema registry that speaks the Confluent API, if one is used
 */
public record KafkaConnection(
    Map<String, String> client, Topics topics, Optional<String> registry) {
  /** The registry among a client's properties, by Confluent's name. */
  public static final String REGISTRY = "schema.registry.url";

  /** With the protocol before it that Kafka allows there, and passes over. */
  private static final Pattern SERVER =
      Pattern.compile("(?:\\w+://)?(?:\\[[0-9A-Fa-f:.]+(?:%\\w+)?]|[\\w.-]+):\\d{1,5}");

  public KafkaConnection {
    client = Map.copyOf(client);
    Objects.requireNonNull(topics);
    Objects.requireNonNull(registry);
    if (client.getOrDefault("bootstrap.servers", "").isBlank()) {
      throw new IllegalArgumentException("bootstrap.servers is missing: expected HOST:PORT,...");
    }
    for (String server : client.get("bootstrap.servers").split(",", -1)) {
      if (!SERVER.matcher(server.strip()).matches()) {
        throw new IllegalArgumentException(
            "bootstrap.servers = " + client.get("bootstrap.servers") + ", expected HOST:PORT,...");
      }
    }
    registry = registry.map(KafkaConnection::requireRegistry);
  }

  /**
   * @return the URL
   * @throws IllegalArgumentException if it is none
   */
  public static String requireRegistry(String registry) {
    if (!registry.matches("https?://[^/\\s]\\S*")) {
      throw new IllegalArgumentException(
          "registry = " + registry + ", expected http://HOST:PORT/PATH");
    }
    return registry;
  }

  /** The client properties with {@code more} on top. */
  public Map<String, Object> with(Map<String, ?> more) {
    Map<String, Object> all = new HashMap<>(client);
    all.putAll(more);
    return all;
  }

  /** Serdes for the values of the topics. */
  public <T extends org.apache.avro.specific.SpecificRecord> AvroSerde<T> serde(Class<T> type) {
    return new AvroSerde<>(type, registry);
  }

  /** Leaves the properties out: they hold passwords. */
  @Override
  public String toString() {
    return client.get("bootstrap.servers");
  }
}
