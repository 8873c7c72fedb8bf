package io.banstream.standalone.broker;

import io.banstream.schemas.Topics;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * What the embedded broker needs to know.
 *
 * @param data its own folder, made where it is missing: secrets, Kafka's logs
 * @param listen where clients connect
 * @param topics the topics' names
 * @param registry URL of the schema registry that its clients are told of
 * @param applicationId the processor's, whose internal topics and group it may have
 * @param partitions of topics partitioned by address, 1 or more; those that exist keep theirs
 */
public record BrokerSettings(
    Path data,
    Listen listen,
    Topics topics,
    Optional<String> registry,
    String applicationId,
    int partitions) {
  public static final int PARTITIONS = 4;

  public BrokerSettings {
    Objects.requireNonNull(data);
    Objects.requireNonNull(listen);
    Objects.requireNonNull(topics);
    Objects.requireNonNull(registry);
    Objects.requireNonNull(applicationId);
    if (partitions < 1) {
      throw new IllegalArgumentException("partitions = " + partitions + ", expected 1 or more");
    }
  }
}
