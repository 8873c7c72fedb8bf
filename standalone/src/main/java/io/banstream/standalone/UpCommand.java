package io.banstream.standalone;

import io.banstream.enforcer.FirewallKind;
import io.banstream.schemas.KafkaConnection;
import io.banstream.standalone.broker.Listen;
import io.banstream.standalone.run.Ending;
import io.banstream.standalone.run.FleetSettings;
import io.banstream.standalone.run.Member;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** All roles in one process. */
@Command(
    name = "up",
    description = {
      "Run everything on this host: broker, processor, agents, console, in one " + "process.",
      "Prints 'Ready: URL' once it protects the host, then a line for each ban and "
          + "unban. Ends in order on SIGTERM or Ctrl-C; the firewall's bans stay until "
          + "their time is over."
    },
    footer = {
      "",
      "Examples:",
      "  banstream up --config /etc/fail2ban",
      "  banstream up --config /etc/fail2ban --firewall dry-run   touches no firewall",
      "  banstream up --listen 198.51.100.1:9092                  other hosts' agents may join:",
      "      copy DATA/clients/ingest.properties and enforce.properties to each, see 'ingest --help'"
    })
final class UpCommand implements Callable<Integer> {
  @Mixin Verbose verbose;
  @Mixin DataOption data;
  @Mixin HostOptions host;
  @Mixin SyslogOptions syslog;
  @Mixin IgnoreCommandOption ignorecommand;
  @Mixin ActionsOption actions;
  @Mixin BanLogOption banLog;
  @Mixin MailOptions mail;
  @Mixin WebhookOption webhook;
  @Mixin UserOptions users;
  @Spec CommandSpec spec;

  @Option(
      names = "--config",
      paramLabel = "DIR",
      description = "fail2ban's folder, put in force at start (default: the jails last pushed).")
  private Path config;

  @Option(
      names = "--firewall",
      paramLabel = "KIND",
      defaultValue = "auto",
      converter = FirewallOption.class,
      description = "auto, ipset, nftables, firewalld or dry-run (default: ${DEFAULT-VALUE}).")
  private FirewallKind firewall;

  @Option(
      names = "--http",
      paramLabel = "HOST:PORT",
      defaultValue = ConsoleAccess.BIND,
      description = "Where the console listens; port 0: a free one (default: ${DEFAULT-VALUE}).")
  private String http;

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      description =
          "Where the broker listens (default: a free port of 127.0.0.1). Passwords are "
              + "asked for and never sent in clear, but the records are: on a network you "
              + "trust, or through a tunnel.")
  private String listen;

  @Option(
      names = "--registry",
      paramLabel = "URL",
      description =
          "A schema registry that speaks the Confluent API (default: none). The agents "
              + "that join find it in their properties.")
  private String registry;

  @Override
  public Integer call() throws Exception {
    FleetSettings settings =
        new FleetSettings(
            data.data,
            List.of(
                Member.here(
                    host.host(),
                    host.group,
                    Optional.ofNullable(config),
                    syslog.settings(),
                    ignorecommand.allowed)),
            Optional.ofNullable(listen).map(Listen::parse),
            Optional.ofNullable(registry).map(KafkaConnection::requireRegistry),
            http,
            mail.settings(firewall == FirewallKind.DRY_RUN),
            webhook.target(),
            users.limits(),
            firewall,
            actions.allowed,
            banLog.target(spec.commandLine(), Optional.ofNullable(config)),
            ZoneId.systemDefault(),
            Clock.systemUTC(),
            spec.commandLine().getOut()::println,
            spec.commandLine().getErr()::println,
            command -> spec.commandLine().getOut().println("Dry run: " + command));
    try (Ending ending = new Ending()) {
      return FleetRun.untilTold(ending, settings, Optional.empty(), page -> {});
    }
  }
}
