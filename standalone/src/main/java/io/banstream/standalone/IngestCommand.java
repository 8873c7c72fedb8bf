package io.banstream.standalone;

import io.banstream.ingest.IngestAgent;
import io.banstream.ingest.IngestSettings;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The ingest agent alone. */
@Command(
    name = "ingest",
    description = {
      "Run the ingest agent alone: read this host's logs, send each failed login to " + "Kafka.",
      "Prints 'Ready' once every log is read up to its end. Needs nothing but a "
          + "broker and a key: what to read, and how, the fleet's jails say ('banstream "
          + "jails push')."
    },
    footer = {
      "",
      "Example:",
      "  banstream ingest --kafka-config /etc/banstream/ingest.properties --group centos6"
    })
final class IngestCommand implements Callable<Integer> {
  @Mixin Verbose verbose;
  @Mixin KafkaOptions kafka;
  @Mixin HostOptions host;
  @Mixin DataOption data;
  @Mixin SyslogOptions syslog;
  @Mixin IgnoreCommandOption ignorecommand;
  @Spec CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    IngestSettings settings =
        new IngestSettings(
            kafka.connection(),
            host.host(),
            host.group,
            data.data.resolve("ingest"),
            ZoneId.systemDefault(),
            Clock.systemUTC(),
            List.of("journalctl"),
            syslog.settings(),
            ignorecommand.allowed);
    return new RoleRun(spec, data.data, "ingest")
        .untilTold(
            () -> IngestAgent.start(settings), role -> "Ready: ingest of " + settings.host());
  }
}
