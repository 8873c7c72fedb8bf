package io.banstream.standalone;

import io.banstream.jails.Configuration;
import io.banstream.jails.Notice;
import io.banstream.processor.Replay;
import io.banstream.processor.ReplayDecision;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What would have been banned. */
@Command(
    name = "replay",
    description = {
      "Show what would have been banned, from old logs. Bans nobody.",
      "The hosts' logs are merged by time, and every enabled jail reads every file. In json: an",
      "object a ban, one a line; times in seconds since 1970, until null for ever."
    },
    footer = {
      "",
      "Example:",
      "  banstream replay --config /etc/fail2ban --host relay1=maillog.1 --host relay2=/tmp/maillog"
    })
final class ReplayCommand implements Callable<Integer> {
  @Mixin Verbose verbose;
  @Mixin Format format;
  @Mixin TimeOptions time;
  @Spec CommandSpec spec;

  @Option(
      names = "--config",
      paramLabel = "DIR",
      required = true,
      description = "fail2ban's folder.")
  private Path config;

  @Option(
      names = "--host",
      paramLabel = "NAME=FILE",
      required = true,
      converter = HostLog.Converter.class,
      description = "A host's log, gzip's too; once for each host and each of its files.")
  private List<HostLog> logs;

  @Override
  public Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Configuration configuration = Configuration.read(config);
    configuration.notices().stream()
        .filter(n -> n.severity() == Notice.Severity.WARNING)
        .forEach(err::println);
    LogFailures failures = new LogFailures(configuration.jails(), time.zone(), time.now());
    for (HostLog log : logs) {
      failures.read(log.host(), log.log());
    }
    if (failures.names() > 0) {
      err.println("left out, a host name in place of an address: " + failures.names());
    }
    failures
        .givenUp()
        .forEach((why, lines) -> err.println("left out, lines: " + lines + ", " + why));
    Replay replay = new Replay(configuration.jails());
    try (JsonLines json = new JsonLines(out)) {
      for (var failure : failures.inOrder()) {
        for (ReplayDecision decision : replay.add(failure)) {
          if (format.isJson()) {
            json.object(
                o -> {
                  o.writeStringField("jail", decision.jail());
                  o.writeStringField("address", decision.address().toString());
                  o.writeNumberField("time", Epoch.of(decision.from()));
                  if (decision.until().isPresent()) {
                    o.writeNumberField("until", Epoch.of(decision.until().get()));
                  } else {
                    o.writeNullField("until");
                  }
                  o.writeNumberField("failures", decision.failures().size());
                  o.writeFieldName("hosts");
                  o.writeArray(decision.hosts().toArray(String[]::new), 0, decision.hosts().size());
                });
          } else {
            out.println(text(decision));
          }
        }
      }
    }
    return Main.FINE;
  }

  private static String text(ReplayDecision d) {
    return String.format(
        "%s Ban %s in %s %s: %d %s on %s",
        d.from(),
        d.address(),
        d.jail(),
        d.until().map(u -> "until " + u).orElse("for ever"),
        d.failures().size(),
        d.failures().size() == 1 ? "failure" : "failures",
        String.join(", ", d.hosts()));
  }
}
