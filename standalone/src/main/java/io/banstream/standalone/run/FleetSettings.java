package io.banstream.standalone.run;

import io.banstream.console.MailSettings;
import io.banstream.console.UserLimits;
import io.banstream.console.WebhookTarget;
import io.banstream.enforcer.BanLogTarget;
import io.banstream.enforcer.FirewallKind;
import io.banstream.standalone.broker.Listen;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What runs in one process by {@code up}.
 *
 * @param data the data folder
 * @param members the hosts served: this one; for {@code demo}, its relays
 * @param listen where the broker listens; empty: a free port of loopback
 * @param registry URL of a schema registry, if one is used
 * @param http where the console listens, HOST:PORT
 * @param mail how bans are told by mail
 * @param webhook where bans are posted, if anywhere
 * @param users from how many on user names are told of
 * @param firewall what keeps the bans
 * @param actions whether the enforcers run the commands of jails' other actions
 * @param banLog where bans are logged as fail2ban does, if anywhere
 * @param zone of log stamps that name none
 * @param clock the host's
 * @param out gets a line for each thing that the user is to see
 * @param notices gets a line for each thing that the user is to be told aside
 * @param dryRun gets each command that a dry run would have run
 */
public record FleetSettings(
    Path data,
    List<Member> members,
    Optional<Listen> listen,
    Optional<String> registry,
    String http,
    MailSettings mail,
    Optional<WebhookTarget> webhook,
    UserLimits users,
    FirewallKind firewall,
    boolean actions,
    Optional<BanLogTarget> banLog,
    ZoneId zone,
    InstantSource clock,
    Consumer<String> out,
    Consumer<String> notices,
    Consumer<String> dryRun) {
  /** The processor's group, transactions and internal topics bear this name. */
  public static final String APPLICATION_ID = "banstream";

  public FleetSettings {
    Objects.requireNonNull(data);
    members = List.copyOf(members);
    Objects.requireNonNull(listen);
    Objects.requireNonNull(registry);
    Objects.requireNonNull(http);
    Objects.requireNonNull(mail);
    Objects.requireNonNull(webhook);
    Objects.requireNonNull(users);
    Objects.requireNonNull(firewall);
    Objects.requireNonNull(banLog);
    Objects.requireNonNull(zone);
    Objects.requireNonNull(clock);
    Objects.requireNonNull(out);
    Objects.requireNonNull(notices);
    Objects.requireNonNull(dryRun);
  }
}
