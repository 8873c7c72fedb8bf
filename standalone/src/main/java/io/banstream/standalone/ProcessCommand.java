package io.banstream.standalone;

import io.banstream.processor.ProcessorSettings;
import io.banstream.processor.StoreKind;
import io.banstream.schemas.KafkaConnection;
import io.banstream.standalone.run.FleetSettings;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The stream processor alone. */
@Command(
    name = "process",
    description = {
      "Run the stream processor alone: count the fleet's failures, decide bans.",
      "Run it on several hosts to share the work; at least one must run. Prints "
          + "'Ready' once it has caught up. The topics must exist, or --create-topics be "
          + "given."
    },
    footer = {
      "",
      "Examples:",
      "  banstream process --bootstrap kafka1:9092 --create-topics 4       the first time",
      "  banstream process --kafka-config /etc/banstream/process.properties --threads 2"
    })
final class ProcessCommand implements Callable<Integer> {
  private static final short BROKERS_DEFAULT = -1; // replication

  @Mixin Verbose verbose;
  @Mixin KafkaOptions kafka;
  @Mixin HostOptions host;
  @Mixin DataOption data;
  @Spec CommandSpec spec;

  @Option(
      names = "--application-id",
      paramLabel = "ID",
      description = {
        "Names the group, the transactions and the internal topics; the same on every processor of",
        "a fleet, another for each fleet on the same Kafka (default: the topic prefix, then",
        FleetSettings.APPLICATION_ID + ")."
      })
  private String applicationId;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "1",
      description = "Stream threads (default: ${DEFAULT-VALUE}).")
  private int threads;

  @Option(
      names = "--stores",
      paramLabel = "disk|memory",
      defaultValue = "disk",
      description =
          "Where the addresses' state is kept (default: ${DEFAULT-VALUE}). memory is "
              + "faster, takes some 600 bytes of heap an address, and is read anew from Kafka "
              + "at each start.")
  private String stores;

  @Option(
      names = "--create-topics",
      paramLabel = "PARTITIONS",
      description =
          "Create the topics that are missing, those of addresses with so many "
              + "partitions. Needs the right to; those that exist are left as they are.")
  private Integer createTopics;

  @Option(
      names = "--standbys",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Further copies of each partition's state, on other processors: whoever takes "
              + "over reads nothing anew (default: ${DEFAULT-VALUE}).")
  private int standbys;

  @Option(
      names = "--metrics",
      paramLabel = "HOST:PORT",
      description =
          "Serve Prometheus' text there, at /metrics: lag, rate, state, restore, and "
              + "all that Kafka measures (default: nowhere). Once a minute the main figures "
              + "are printed either way.")
  private String metrics;

  @Override
  public Integer call() throws Exception {
    KafkaConnection connection = kafka.connection();
    if (createTopics != null) {
      createTopics(connection);
    }
    String id =
        applicationId != null
            ? applicationId
            : connection.topics().prefix() + FleetSettings.APPLICATION_ID;
    ProcessorSettings settings =
        new ProcessorSettings(
            connection,
            data.data.resolve("streams"),
            id,
            host.host(),
            threads,
            StoreKind.parse(stores),
            standbys);
    return new RoleRun(spec, data.data, "streams")
        .untilTold(
            () ->
                MeasuredProcessor.start(
                    settings, Optional.ofNullable(metrics), spec.commandLine().getOut()),
            role -> "Ready: " + id + role.restored());
  }

  private void createTopics(KafkaConnection connection) throws InterruptedException {
    if (createTopics < 1) {
      throw new IllegalArgumentException(
          "create-topics = " + createTopics + ", expected 1 or more");
    }
    try (Admin admin =
        Admin.create(
            connection.with(
                Map.of("default.api.timeout.ms", 20_000, "request.timeout.ms", 10_000)))) {
      connection.topics().create(admin, createTopics, BROKERS_DEFAULT);
    } catch (ExecutionException e) {
      throw new KafkaException(connection + ": topics can't be created", e.getCause());
    }
  }
}
