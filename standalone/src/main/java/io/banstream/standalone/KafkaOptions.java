package io.banstream.standalone;

import io.banstream.schemas.KafkaConnection;
import io.banstream.schemas.Topics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.config.ConfigException;
import picocli.CommandLine.Option;

/** How one role alone reaches the fleet's Kafka. */
final class KafkaOptions {
  @Option(
      names = "--bootstrap",
      paramLabel = "HOST:PORT,...",
      description = "The brokers; may stand in the --kafka-config file instead.")
  private String bootstrap;

  @Option(
      names = "--kafka-config",
      paramLabel = "FILE",
      description =
          "Kafka client properties: security.protocol, sasl.jaas.config, ... 'up "
              + "--listen' writes one a role to DATA/clients.")
  private Path config;

  @Option(
      names = "--topic-prefix",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Put before every topic's name (default: none).")
  private String prefix;

  @Option(
      names = "--registry",
      paramLabel = "URL",
      description =
          "A schema registry that speaks the Confluent API, the same for the whole "
              + "fleet; may stand in the --kafka-config file as schema.registry.url instead "
              + "(default: none).")
  private String registry;

  /**
   * @throws IllegalArgumentException if no broker is named, or the registry is no URL
   */
  KafkaConnection connection() throws IOException {
    Map<String, String> client = new HashMap<>();
    if (config != null) {
      Properties properties = PropertiesFile.read(config);
      properties.stringPropertyNames().forEach(k -> client.put(k, properties.getProperty(k)));
    }
    if (bootstrap != null) {
      client.put("bootstrap.servers", bootstrap);
    }
    if (client.getOrDefault("bootstrap.servers", "").isBlank()) {
      throw new IllegalArgumentException(
          "bootstrap = , expected HOST:PORT by --bootstrap, or bootstrap.servers in --kafka-config");
    }
    String configured = client.remove(KafkaConnection.REGISTRY);
    checkValues(client);
    return new KafkaConnection(
        client, new Topics(prefix), Optional.ofNullable(registry != null ? registry : configured));
  }

  /** A slip is told at once: later it would look like a broker that is away. */
  private void checkValues(Map<String, String> client) {
    try {
      AdminClientConfig.configDef().parse(client);
    } catch (ConfigException e) {
      throw new IllegalArgumentException((config == null ? "" : config + ": ") + e.getMessage(), e);
    }
  }
}
