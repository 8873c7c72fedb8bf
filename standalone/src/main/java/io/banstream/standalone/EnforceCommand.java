package io.banstream.standalone;

import io.banstream.enforcer.EnforcerAgent;
import io.banstream.enforcer.EnforcerSettings;
import io.banstream.enforcer.FirewallKind;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The enforcer agent alone. */
@Command(
    name = "enforce",
    description = {
      "Run the enforcer agent alone: keep this host's firewall as the fleet " + "decided.",
      "Prints 'Ready' once the kernel has its rules. They stay when the agent ends: "
          + "'flush' takes them out."
    },
    footer = {
      "",
      "Example:",
      "  banstream enforce --kafka-config /etc/banstream/enforce.properties --group centos6"
    })
final class EnforceCommand implements Callable<Integer> {
  @Mixin Verbose verbose;
  @Mixin KafkaOptions kafka;
  @Mixin HostOptions host;
  @Mixin DataOption data;
  @Mixin ActionsOption actions;
  @Mixin BanLogOption banLog;
  @Spec CommandSpec spec;

  @Option(
      names = "--firewall",
      paramLabel = "KIND",
      defaultValue = "auto",
      converter = FirewallOption.class,
      description = "auto, ipset, nftables, firewalld or dry-run (default: ${DEFAULT-VALUE}).")
  private FirewallKind firewall;

  @Override
  public Integer call() throws Exception {
    EnforcerSettings settings =
        new EnforcerSettings(
            kafka.connection(),
            host.host(),
            host.group,
            data.data.resolve("enforce"),
            firewall,
            Clock.systemUTC(),
            List.of(),
            actions.allowed,
            banLog.target(spec.commandLine(), Optional.empty()),
            command -> spec.commandLine().getOut().println("Dry run: " + command));
    return new RoleRun(spec, data.data, "enforce")
        .untilTold(
            () -> EnforcerAgent.start(settings), role -> "Ready: enforcer of " + settings.host());
  }
}
