package io.banstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.banstream.console.ConsoleException;
import io.banstream.console.Operator;
import io.banstream.enforcer.EnforcerAgent;
import io.banstream.enforcer.EnforcerSettings;
import io.banstream.enforcer.FirewallKind;
import io.banstream.ingest.IngestAgent;
import io.banstream.ingest.IngestSettings;
import io.banstream.ingest.SyslogSettings;
import io.banstream.jails.Configuration;
import io.banstream.processor.Processor;
import io.banstream.processor.ProcessorSettings;
import io.banstream.processor.StoreKind;
import io.banstream.schemas.DeadLetter;
import io.banstream.schemas.Decision;
import io.banstream.schemas.KafkaConnection;
import io.banstream.schemas.Role;
import io.banstream.schemas.Topics;
import io.banstream.testkit.TestBroker;
import io.banstream.testkit.TestRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The roles with a schema registry that goes away, comes back and refuses: nothing is lost, nothing
 * is put aside, and what is known serves on. With {@code -Dbanstream.registry=URL} before a real
 * one.
 */
class RegistryIT {
  private static final String FIRST = "203.0.113.1";
  private static final String SECOND = "203.0.113.2";
  private static final String THIRD = "203.0.113.3";

  @TempDir Path folder;
  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<String> commands = new CopyOnWriteArrayList<>();

  /** A real registry keeps its subjects from one run to the next. */
  private final Topics topics = new Topics(UUID.randomUUID().toString().substring(0, 8) + ".");

  private TestBroker broker;
  private TestRegistry registry;
  private MailLog mailLog;

  @BeforeEach
  void begin() throws Exception {
    broker = keep(TestBroker.start());
    registry = keep(TestRegistry.start());
    mailLog = new MailLog(folder.resolve("maillog"), "relay1");
    Files.writeString(
        Files.createDirectories(folder.resolve("config")).resolve("jail.local"),
        """
        [postfix-sasl]
        enabled = true
        bantime = 3600
        findtime = 300
        maxretry = 3
        logpath = %s
        """
            .formatted(folder.resolve("maillog")));
    try (Admin admin = Admin.create(connection().with(Map.of()))) {
      topics.create(admin, 4, (short) 1);
    }
  }

  @AfterEach
  void end() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  @Test
  void aRegistryThatIsAwayDelaysAndLosesNothing() throws Exception {
    registry.stop();
    Processor processor = keep(processor());
    IngestAgent ingest = keep(ingest());
    awaitTrouble(ingest, "Connection refused");
    assertThatThrownBy(this::push)
        .isInstanceOf(ConsoleException.class)
        .hasMessageContaining("Connection refused");

    registry.startAgain();
    push();
    mailLog.saslFailures(FIRST, 3);
    awaitBans(FIRST);
    EnforcerAgent enforcer = keep(enforcer());
    enforcer.ready().get();
    awaitEntry(FIRST);

    registry.stop();
    mailLog.saslFailures(SECOND, 3);
    await("schemas known, the ban goes all the way")
        .atMost(Banstream.LIMIT)
        .untilAsserted(() -> assertThat(commands).anyMatch(c -> isEntry(c, SECOND)));

    // Begun anew while it is away, they know no schema.
    processor.close();
    enforcer.close();
    commands.clear();
    mailLog.saslFailures(THIRD, 3);
    Processor newProcessor = keep(processor());
    EnforcerAgent newEnforcer = keep(enforcer());
    awaitTrouble(newProcessor, "Connection refused");
    awaitTrouble(newEnforcer, "Connection refused");
    awaitEntry(FIRST);
    awaitEntry(SECOND);
    assertThat(newEnforcer.ready()).as("its table serves, it is not the fleet's").isNotDone();

    registry.startAgain();
    awaitBans(FIRST, SECOND, THIRD);
    awaitEntry(THIRD);
    newEnforcer.ready().get();
    assertThat(reader().all(topics.deadLetters(), DeadLetter.class)).isEmpty();
  }

  @Test
  void aRegistryThatRefusesIsToldAndWaitedFor() throws Exception {
    keep(processor()).ready().get();
    IngestAgent ingest = keep(ingest());
    push();
    registry.refuse(topics.attempts());
    mailLog.saslFailures(FIRST, 3);
    awaitTrouble(ingest, topics.attempts() + "-value/versions answered 409");
    registry.accept(topics.attempts());
    awaitBans(FIRST);
    assertThat(reader().all(topics.deadLetters(), DeadLetter.class)).isEmpty();
  }

  private Processor processor() {
    return Processor.start(
        new ProcessorSettings(
            connection(), folder.resolve("streams"), "registry", "one", 1, StoreKind.DISK));
  }

  private IngestAgent ingest() {
    return IngestAgent.start(
        new IngestSettings(
            connection(),
            "relay1",
            "default",
            folder.resolve("ingest"),
            ZoneId.systemDefault(),
            Clock.systemUTC(),
            List.of("journalctl"),
            SyslogSettings.NONE,
            false));
  }

  private EnforcerAgent enforcer() {
    return EnforcerAgent.start(
        new EnforcerSettings(
            connection(),
            "relay1",
            "default",
            folder.resolve("enforce"),
            FirewallKind.DRY_RUN,
            Clock.systemUTC(),
            List.of(),
            false,
            Optional.empty(),
            commands::add));
  }

  private void push() throws Exception {
    try (Operator operator = Operator.open(connection(), Clock.systemUTC())) {
      operator.push("default", Configuration.read(folder.resolve("config")).jails(), false);
    }
  }

  /** Each role's own, by a URL of its own: it knows no schema when it begins. */
  private KafkaConnection connection() {
    return new KafkaConnection(
        Map.of("bootstrap.servers", broker.bootstrapServers()),
        topics,
        Optional.of(registry.url()));
  }

  private TopicReader reader() {
    return new TopicReader(connection());
  }

  private void awaitBans(String... addresses) {
    await("bans of " + List.of(addresses))
        .atMost(Banstream.LIMIT)
        .untilAsserted(
            () ->
                assertThat(reader().all(topics.decisions(), Decision.class))
                    .extracting(r -> r.value().getAddress())
                    .containsExactlyInAnyOrder(addresses));
  }

  private void awaitEntry(String address) {
    await(address + " among " + commands)
        .atMost(Banstream.LIMIT)
        .until(() -> commands.stream().anyMatch(c -> isEntry(c, address)));
  }

  private static boolean isEntry(String command, String address) {
    return command.matches("ipset add -exist banstream-4-postfix-sasl\\S* " + address + " .*");
  }

  private static void awaitTrouble(Role role, String part) {
    await(part)
        .atMost(Banstream.LIMIT)
        .untilAsserted(() -> assertThat(role.check().orElse("well")).contains(part));
  }

  private <T extends AutoCloseable> T keep(T resource) {
    open.add(resource);
    return resource;
  }
}
