package io.banstream.standalone.run;

import io.banstream.console.Console;
import io.banstream.console.ConsoleSettings;
import io.banstream.console.Operator;
import io.banstream.console.PushReport;
import io.banstream.enforcer.EnforcerAgent;
import io.banstream.enforcer.EnforcerSettings;
import io.banstream.ingest.IngestAgent;
import io.banstream.ingest.IngestSettings;
import io.banstream.jails.Configuration;
import io.banstream.jails.ConfigurationException;
import io.banstream.processor.Processor;
import io.banstream.processor.ProcessorSettings;
import io.banstream.processor.StoreKind;
import io.banstream.schemas.Role;
import io.banstream.schemas.Topics;
import io.banstream.standalone.broker.Account;
import io.banstream.standalone.broker.BrokerDeath;
import io.banstream.standalone.broker.BrokerSettings;
import io.banstream.standalone.broker.EmbeddedBroker;
import io.banstream.standalone.broker.Listen;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** All roles in this process, on a broker of their own. */
public final class Fleet implements AutoCloseable {
  private static final List<String> PARTS =
      List.of("broker", "ingest", "streams", "enforce", "console");

  /** Bytes: what a broker and its topics take while they hold nothing. */
  private static final long LEAST_SPACE = 64 << 20;

  private static final Duration CONSOLE_WAIT = Duration.ofMinutes(2);

  private final FleetSettings settings;
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final Map<String, Role> roles = new LinkedHashMap<>();
  private DataFolder folder;
  private EmbeddedBroker broker;
  private Console console;

  private Fleet(FleetSettings settings) {
    this.settings = settings;
  }

  /**
   * Starts everything; what is not ready yet tells {@link #roles()}.
   *
   * @throws ConfigurationException if a member's configuration can't be put in force
   * @throws IllegalArgumentException if a setting can't be met: a port in use, a folder of another
   *     version; one line
   */
  public static Fleet start(FleetSettings settings)
      throws ConfigurationException, IOException, InterruptedException {
    Map<Member, Configuration> configurations = new LinkedHashMap<>();
    for (Member member : settings.members()) {
      if (member.config().isPresent()) {
        configurations.put(member, Configuration.read(member.config().get()));
      }
    }
    Fleet fleet = new Fleet(settings);
    try {
      fleet.openBroker();
      fleet.push(configurations);
      fleet.startRoles();
      return fleet;
    } catch (IOException | RuntimeException | InterruptedException e) {
      fleet.close();
      throw e;
    }
  }

  private void openBroker() throws IOException, InterruptedException {
    folder = opened(DataFolder.open(settings.data(), PARTS));
    folder.requireSpace(LEAST_SPACE);
    folder.keepTemporaryFiles("up");
    BrokerDeath.tell(folder.path(), settings.notices());
    broker =
        opened(
            EmbeddedBroker.start(
                new BrokerSettings(
                    folder.part("broker"),
                    settings.listen().orElse(Listen.LOOPBACK),
                    new Topics(""),
                    settings.registry(),
                    FleetSettings.APPLICATION_ID,
                    BrokerSettings.PARTITIONS)));
    if (settings.listen().isPresent()) {
      Path clients = broker.writeClients(folder.part("clients"));
      settings
          .notices()
          .accept(
              "broker at " + broker.bootstrapServers() + ", its clients' settings in " + clients);
    }
  }

  private void push(Map<Member, Configuration> configurations) {
    if (configurations.isEmpty()) {
      return;
    }
    try (Operator operator = Operator.open(broker.connection(Account.CONSOLE), settings.clock())) {
      configurations.forEach(
          (member, configuration) -> {
            configuration.notices().forEach(n -> settings.notices().accept(n.toString()));
            PushReport report = operator.push(member.group(), configuration.jails(), false);
            report.differences().forEach(d -> settings.notices().accept(d.toString()));
            if (!report.withdrawn().isEmpty()) {
              settings
                  .notices()
                  .accept("withdrawn, with their bans: " + String.join(", ", report.withdrawn()));
            }
          });
    }
  }

  private void startRoles() throws IOException, InterruptedException {
    role(
        "processor",
        Processor.start(
            new ProcessorSettings(
                broker.connection(Account.PROCESS),
                folder.part("streams"),
                FleetSettings.APPLICATION_ID,
                "up",
                1,
                StoreKind.DISK)));
    console =
        Console.start(
            new ConsoleSettings(
                broker.connection(Account.CONSOLE),
                settings.http(),
                folder.path(),
                settings.clock(),
                settings.mail(),
                settings.webhook(),
                settings.users(),
                settings.out()));
    role("console", console);
    for (Member member : settings.members()) {
      if (member.enforces()) {
        role("enforcer of " + member.host(), enforcer(member));
      }
    }
    awaitConsole();
    for (Member member : settings.members()) {
      role("ingest of " + member.host(), ingest(member));
    }
  }

  /**
   * What the console finds decided when it begins it takes as standing, and does not announce. So
   * it has caught up before the first line of a log is read.
   */
  private void awaitConsole() throws InterruptedException {
    try {
      console.ready().get(CONSOLE_WAIT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the console does not get ready", e);
    }
  }

  private Role enforcer(Member member) throws IOException {
    return EnforcerAgent.start(
        new EnforcerSettings(
            broker.connection(Account.ENFORCE),
            member.host(),
            member.group(),
            folder.part("enforce").resolve(member.folder()),
            settings.firewall(),
            settings.clock(),
            List.of(),
            settings.actions(),
            settings.banLog(),
            settings.dryRun()));
  }

  private Role ingest(Member member) throws IOException {
    return IngestAgent.start(
        new IngestSettings(
            broker.connection(Account.INGEST),
            member.host(),
            member.group(),
            folder.part("ingest").resolve(member.folder()),
            settings.zone(),
            settings.clock(),
            List.of("journalctl"),
            member.syslog(),
            member.ignorecommands()));
  }

  private <T extends AutoCloseable> T opened(T resource) {
    opened.push(resource);
    return resource;
  }

  private void role(String name, Role role) {
    opened(role);
    roles.put(name, role);
  }

  /** Every role by its name, in the order of their start. */
  public Map<String, Role> roles() {
    return Map.copyOf(roles);
  }

  /** The page. */
  public String page() {
    return console.address().toString();
  }

  /** Stops everything in the reverse order of its start; the broker last. */
  @Override
  public void close() {
    Optional<Exception> first = Optional.empty();
    while (!opened.isEmpty()) {
      try {
        opened.pop().close();
      } catch (Exception e) {
        first = first.isPresent() ? first : Optional.of(e);
      }
    }
    if (first.isPresent()) {
      throw new IllegalStateException("could not stop in order: " + first.get(), first.get());
    }
  }
}
