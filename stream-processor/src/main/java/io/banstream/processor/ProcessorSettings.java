package io.banstream.processor;

import io.banstream.schemas.KafkaConnection;
import java.nio.file.Path;
import java.util.Objects;

/**
 * What a processor needs to know.
 *
 * @param kafka the broker, the topics, the registry
 * @param data folder of the state stores, made if missing; kept from one start to the next
 * @param applicationId names the consumer group, the changelog topics and the transactions; the
 *     same for every processor of a fleet
 * @param instance names this processor among them; the same at each start of it
 * @param threads stream threads, 1 or more; more than there are partitions stand idle
 * @param stores where the addresses' state is kept
 * @param standbys copies of each partition's state that other processors keep, 0 or more
 */
public record ProcessorSettings(
    KafkaConnection kafka,
    Path data,
    String applicationId,
    String instance,
    int threads,
    StoreKind stores,
    int standbys) {
  /** Without standbys. */
  public ProcessorSettings(
      KafkaConnection kafka,
      Path data,
      String applicationId,
      String instance,
      int threads,
      StoreKind stores) {
    this(kafka, data, applicationId, instance, threads, stores, 0);
  }

  public ProcessorSettings {
    Objects.requireNonNull(kafka);
    Objects.requireNonNull(data);
    Objects.requireNonNull(stores);
    requireName("application id", applicationId);
    requireName("instance", instance);
    if (standbys < 0) {
      throw new IllegalArgumentException("standbys = " + standbys + ", expected 0 or more");
    }
    if (threads < 1) {
      throw new IllegalArgumentException("threads = " + threads + ", expected 1 or more");
    }
  }

  private static void requireName(String key, String value) {
    if (!value.matches("[A-Za-z0-9._-]{1,100}")) {
      throw new IllegalArgumentException(
          key + " = '" + value + "', expected letters, digits, '.', '_' and '-'");
    }
  }
}
