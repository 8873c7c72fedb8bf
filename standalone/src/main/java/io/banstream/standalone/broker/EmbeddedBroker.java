package io.banstream.standalone.broker;

import io.banstream.schemas.KafkaConnection;
import io.banstream.schemas.OwnerOnly;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/**
 * A Kafka broker in this process: one node, closed to whoever has none of its passwords, with each
 * role's rights and no more. What it holds survives the process, also one that was killed.
 */
public final class EmbeddedBroker implements AutoCloseable {
  private static final short UNREPLICATED = 1;
  private static final Duration RIGHTS_WAIT = Duration.ofSeconds(30);
  private static final Duration RIGHTS_POLL = Duration.ofMillis(20);

  private final BrokerSettings settings;
  private final Secrets secrets;
  private final Listen listen;
  private final KafkaRaftServer server;

  private EmbeddedBroker(
      BrokerSettings settings, Secrets secrets, Listen listen, KafkaRaftServer server) {
    this.settings = settings;
    this.secrets = secrets;
    this.listen = listen;
    this.server = server;
  }

  /**
   * Starts it; topics and rights are in place on return.
   *
   * @throws IllegalArgumentException if the port is taken or the secrets' file is damaged
   * @throws IOException if the folder can't be written
   */
  public static EmbeddedBroker start(BrokerSettings settings)
      throws IOException, InterruptedException {
    Path data = OwnerOnly.folder(settings.data());
    Secrets secrets = Secrets.keptIn(data.resolve("secrets.properties"));
    Path logs = data.resolve("kafka");
    Listen listen = settings.listen().bound();
    if (Files.exists(logs)) {
      KilledBroker.unregister(logs, secrets);
    } else {
      // Beside its place first: a broker killed while it formats leaves nothing half done.
      Path fresh = data.resolve("kafka.new");
      OwnerOnly.delete(fresh);
      format(Files.createDirectory(fresh), secrets);
      Files.move(fresh, logs, StandardCopyOption.ATOMIC_MOVE);
    }
    KafkaRaftServer server =
        server(logs, BrokerConfig.of(logs, listen, controllerBeside(listen), secrets));
    EmbeddedBroker broker = new EmbeddedBroker(settings, secrets, listen, server);
    try {
      server.startup();
      broker.prepare();
      return broker;
    } catch (InterruptedException e) {
      broker.close();
      throw e;
    } catch (RuntimeException | ExecutionException e) {
      broker.close();
      throw doesNotStart(e);
    }
  }

  /** Not the clients' port, which is free until the broker starts. */
  private static Listen controllerBeside(Listen clients) {
    Listen controller = Listen.LOOPBACK.bound();
    while (controller.port() == clients.port()) {
      controller = Listen.LOOPBACK.bound();
    }
    return controller;
  }

  static IllegalStateException doesNotStart(Exception cause) {
    return new IllegalStateException("the embedded broker does not start", cause);
  }

  /**
   * @throws IllegalStateException if it can't use the folder: its meta.properties may be damaged
   */
  static KafkaRaftServer server(Path logs, Map<String, String> properties) {
    try {
      return new KafkaRaftServer(config(properties), Time.SYSTEM);
    } catch (RuntimeException e) {
      throw new IllegalStateException(logs + ": the embedded broker can't use it", e);
    }
  }

  private static KafkaConfig config(Map<String, String> properties) {
    return new KafkaConfig(properties, false);
  }

  private static void format(Path logs, Secrets secrets) throws IOException {
    KafkaConfig config = config(BrokerConfig.of(logs, Listen.LOOPBACK, Listen.LOOPBACK, secrets));
    Formatter formatter =
        new Formatter()
            .setPrintStream(
                new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8))
            .setNodeId(BrokerConfig.NODE)
            .setClusterId(secrets.clusterId())
            .setControllerListenerName(BrokerConfig.CONTROLLER_LISTENER)
            .setMetadataLogDirectory(config.metadataLogDir())
            .setHasDynamicQuorum(false)
            .setScramArguments(
                Arrays.stream(Account.values()).map(a -> scramRecord(a, secrets)).toList());
    formatter.addDirectory(logs.toString());
    try {
      formatter.run();
    } catch (Exception e) {
      throw new IllegalStateException(logs + " can't be formatted", e);
    }
  }

  private static String scramRecord(Account account, Secrets secrets) {
    return String.format(
        "%s=[name=%s,password=%s]",
        Credentials.MECHANISM, account.user(), secrets.password(account));
  }

  private void prepare() throws ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(connection(Account.ADMIN).with(Map.of()))) {
      settings.topics().create(admin, settings.partitions(), UNREPLICATED);
      Set<AclBinding> wanted = new Acls(settings.topics(), settings.applicationId()).all();
      Set<AclBinding> present = present(admin);
      List<AclBindingFilter> stale =
          present.stream().filter(a -> !wanted.contains(a)).map(AclBinding::toFilter).toList();
      admin.deleteAcls(stale).all().get();
      admin.createAcls(wanted.stream().filter(a -> !present.contains(a)).toList()).all().get();
      // Acknowledged by the controller; the broker's own view follows a moment later.
      long start = System.nanoTime();
      while (!present(admin).equals(wanted)) {
        if (System.nanoTime() - start > RIGHTS_WAIT.toNanos()) {
          throw new IllegalStateException("its access rights are not in force");
        }
        Thread.sleep(RIGHTS_POLL.toMillis());
      }
    }
  }

  private static Set<AclBinding> present(Admin admin)
      throws ExecutionException, InterruptedException {
    return new HashSet<>(admin.describeAcls(AclBindingFilter.ANY).values().get());
  }

  /** How a role connects. */
  public KafkaConnection connection(Account account) {
    return new KafkaConnection(
        Credentials.client(listen.toString(), account, secrets),
        settings.topics(),
        settings.registry());
  }

  /**
   * Writes each role's client properties, for {@code --kafka-config} on the host that runs it.
   *
   * @return the folder
   */
  public Path writeClients(Path folder) throws IOException {
    for (Account account : Account.values()) {
      if (account != Account.ADMIN) {
        Properties properties = new Properties();
        properties.putAll(Credentials.client(listen.toString(), account, secrets));
        settings.registry().ifPresent(url -> properties.setProperty(KafkaConnection.REGISTRY, url));
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        properties.store(text, "For the host that runs " + account.user() + ". Holds a password.");
        OwnerOnly.write(folder.resolve(account.user() + ".properties"), text.toByteArray());
      }
    }
    return folder;
  }

  /** Where it listens: HOST:PORT. */
  public String bootstrapServers() {
    return listen.toString();
  }

  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
  }
}
