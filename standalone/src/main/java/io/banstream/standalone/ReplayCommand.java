package io.banstream.standalone;

import io.banstream.jails.Configuration;
import io.banstream.jails.Jail;
import io.banstream.jails.JailSetting;
import io.banstream.jails.Notice;
import io.banstream.jails.Sources;
import io.banstream.processor.Replay;
import io.banstream.processor.ReplayDecision;
import io.banstream.processor.ReplayFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** What would have been banned. */
@Command(
    name = "replay",
    description = {
      "Show what would have been banned, from old logs.",
      "Bans nobody. The hosts' logs are merged by time, and every enabled jail "
          + "reads every file. In json: an object a ban, one a line; times in seconds "
          + "since 1970, until null for ever. With --against or --set, two policies side "
          + "by side: A is --config, B the other. Let through are failures that came "
          + "while no ban of the jail, or of recidive, held their address; to the first "
          + "ban, the mean over the addresses banned. In json: an object a jail, one for "
          + "all (jail null), and one for each address that only a or only b bans. Bans "
          + "from before --from are not known. With --from-topic, what the fleet's "
          + "processors decided, anew from the topics: as far back as attempts and "
          + "commands are kept. Bans and unbans, in json with all fields."
    },
    footer = {
      "",
      "Examples:",
      "  banstream replay --config /etc/fail2ban --host relay1=maillog.1 \\",
      "      --host relay2=/tmp/maillog --from 7d",
      "  banstream replay --config /etc/fail2ban --host relay1=maillog \\",
      "      --set postfix-sasl.maxretry=2 --set postfix-sasl.bantime=1d",
      "  banstream replay --config /etc/fail2ban --against /root/new \\",
      "      --host relay1=maillog --from 2026-11-01 --until 2026-11-08",
      "  banstream replay --from-topic --kafka-config /etc/banstream/process.properties"
    })
final class ReplayCommand implements Callable<Integer> {
  @Mixin Verbose verbose;
  @Mixin Format format;
  @Mixin TimeOptions time;
  @Mixin PeriodOptions period;
  @Mixin KafkaOptions kafka;
  @Spec CommandSpec spec;

  @Option(
      names = "--from-topic",
      description = "Replay Kafka's attempts and commands instead of log files.")
  private boolean fromTopic;

  @Option(names = "--config", paramLabel = "DIR", description = "fail2ban's folder.")
  private Path config;

  @Option(
      names = "--host",
      paramLabel = "NAME=FILE",
      converter = HostLog.Converter.class,
      description = "A host's log, gzip's too; once for each host and each of its files.")
  private List<HostLog> logs = List.of();

  @Option(
      names = "--against",
      paramLabel = "DIR",
      description = "A second policy to replay, and set beside the first.")
  private Path against;

  @Option(
      names = "--set",
      paramLabel = "JAIL.KEY=VALUE",
      converter = SettingConverter.class,
      description =
          "A value of the second policy's, as postfix-sasl.maxretry=5; may come several times."
              + " Without --against it is otherwise the first.")
  private List<JailSetting> settings = List.of();

  /** JAIL.KEY=VALUE. */
  private static final class SettingConverter implements ITypeConverter<JailSetting> {
    @Override
    public JailSetting convert(String value) {
      try {
        return JailSetting.parse(value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  @Override
  public Integer call() throws Exception {
    if (fromTopic) {
      requireAlone();
      new TopicReplayOutput(spec, format, period.period(time)).print(kafka.connection());
      return Main.FINE;
    }
    if (config == null || logs.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "Missing: --config=DIR and --host=NAME=FILE, or --from-topic");
    }
    Predicate<Instant> within = period.period(time);
    Configuration first = told(Configuration.read(config));
    if (against == null && settings.isEmpty()) {
      list(first.jails(), failures(first.jails(), within));
      return Main.FINE;
    }
    Path dir = against == null ? config : against;
    Configuration second = told(Configuration.read(dir, settings));
    List<ReplayFailure> seen = failures(first.jails(), within);
    PolicyOutcome a = PolicyOutcome.of(first.jails(), seen);
    if (!sources(first.jails()).equals(sources(second.jails()))) {
      seen = null; // two logs' failures need not fit in memory together
      seen = failures(second.jails(), within);
    }
    PolicyOutcome b = PolicyOutcome.of(second.jails(), seen);
    PolicyTable table = new PolicyTable(a, b);
    if (format.isJson()) {
      try (JsonLines json = new JsonLines(spec.commandLine().getOut())) {
        table.write(json);
      }
    } else {
      table.print(spec.commandLine().getOut(), config.toString(), name(dir));
    }
    return Main.FINE;
  }

  private void requireAlone() {
    if (config != null || against != null || !logs.isEmpty() || !settings.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "--from-topic replays the topics alone: no --config, --host, --against, --set");
    }
  }

  private String name(Path dir) {
    return dir
        + settings.stream()
            .map(s -> " " + s.jail() + "." + s.key() + "=" + s.value())
            .collect(Collectors.joining());
  }

  /** By jail, what its failures hang on. */
  private static Map<String, Sources> sources(List<Jail> jails) {
    return jails.stream().collect(Collectors.toMap(Jail::name, Jail::sources));
  }

  private Configuration told(Configuration configuration) {
    configuration.notices().stream()
        .filter(n -> n.severity() == Notice.Severity.WARNING)
        .forEach(spec.commandLine().getErr()::println);
    return configuration;
  }

  private List<ReplayFailure> failures(List<Jail> jails, Predicate<Instant> within)
      throws IOException {
    PrintWriter err = spec.commandLine().getErr();
    LogFailures failures = new LogFailures(jails, time.zone(), time.now(), within);
    for (HostLog log : logs) {
      failures.read(log.host(), log.log());
    }
    if (failures.names() > 0) {
      err.println("left out, a host name in place of an address: " + failures.names());
    }
    failures
        .givenUp()
        .forEach((why, lines) -> err.println("left out, lines: " + lines + ", " + why));
    return failures.inOrder();
  }

  private void list(List<Jail> jails, List<ReplayFailure> failures) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Replay replay = new Replay(jails);
    try (JsonLines json = new JsonLines(out)) {
      for (ReplayFailure failure : failures) {
        for (ReplayDecision decision : replay.add(failure)) {
          if (format.isJson()) {
            write(json, decision);
          } else {
            out.println(text(decision));
          }
        }
      }
    }
  }

  private static void write(JsonLines json, ReplayDecision decision) throws IOException {
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
  }

  private static String text(ReplayDecision d) {
    return String.format(
        "%s Ban %s in %s %s: %s",
        d.from(),
        d.address(),
        d.jail(),
        d.until().map(u -> "until " + u).orElse("for ever"),
        cause(d));
  }

  private static String cause(ReplayDecision d) {
    int count = d.failures().size();
    if (d.network()) {
      return count + (count == 1 ? " address banned" : " addresses banned");
    }
    String hosts = String.join(", ", d.hosts());
    return count + (count == 1 ? " failure on " : " failures on ") + hosts;
  }
}
