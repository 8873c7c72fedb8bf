package io.banstream.enforcer;

import io.banstream.schemas.KafkaConnection;
import io.banstream.schemas.Key;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What an {@link EnforcerAgent} needs.
 *
 * @param kafka the broker
 * @param host this host's name, as in a decision's reach
 * @param group the group whose jails hold here
 * @param data the enforcer's own folder, made where it is missing, readable by its owner alone
 * @param firewall which firewall keeps the bans
 * @param clock the host's clock
 * @param commandPrefix words put before every command: none, or {@code ip netns exec NAME}
 * @param actions whether this host runs the commands of its jails' other actions
 * @param banLog where lines in fail2ban's form go, if anywhere
 * @param dryRunOutput gets each command that a dry run would have run, without its line end
 */
public record EnforcerSettings(
    KafkaConnection kafka,
    String host,
    String group,
    Path data,
    FirewallKind firewall,
    InstantSource clock,
    List<String> commandPrefix,
    boolean actions,
    Optional<BanLogTarget> banLog,
    Consumer<String> dryRunOutput) {
  public EnforcerSettings {
    Objects.requireNonNull(kafka);
    Key.requirePart(host);
    Key.requirePart(group);
    Objects.requireNonNull(data);
    Objects.requireNonNull(firewall);
    Objects.requireNonNull(clock);
    commandPrefix = List.copyOf(commandPrefix);
    Objects.requireNonNull(banLog);
    Objects.requireNonNull(dryRunOutput);
  }
}
