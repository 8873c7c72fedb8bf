package io.banstream.standalone.broker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Kafka's settings for one small, closed node. */
final class BrokerConfig {
  static final int NODE = 1;
  static final String CONTROLLER_LISTENER = "CONTROLLER";
  private static final String CLIENTS = "CLIENTS";

  private BrokerConfig() {}

  /**
   * @param logs Kafka's log folder
   * @param clients where clients connect, with its port
   * @param controller where the broker's two halves meet, with its port
   */
  static Map<String, String> of(Path logs, Listen clients, Listen controller, Secrets secrets) {
    Map<String, String> p = controller(logs, controller, secrets);
    p.put("process.roles", "broker,controller");
    p.put("listeners", CLIENTS + "://" + clients + "," + CONTROLLER_LISTENER + "://" + controller);
    p.put("advertised.listeners", CLIENTS + "://" + clients);
    p.put("inter.broker.listener.name", CLIENTS);
    // Its two halves live and die together. Taken for dead for a pause, of the machine say, it
    // would lose its partitions in the midst of a commit (KilledBroker has what that does).
    p.put("broker.session.timeout.ms", Long.toString(Duration.ofDays(1).toMillis()));
    return p;
  }

  /** The same node's controller alone. */
  static Map<String, String> controller(Path logs, Listen controller, Secrets secrets) {
    Map<String, String> p = new HashMap<>();
    p.put("node.id", Integer.toString(NODE));
    p.put("process.roles", "controller");
    p.put("listeners", CONTROLLER_LISTENER + "://" + controller);
    p.put("controller.listener.names", CONTROLLER_LISTENER);
    p.put("controller.quorum.voters", NODE + "@" + controller);
    p.put("log.dirs", logs.toString());
    security(p, secrets);
    small(p);
    return p;
  }

  /** No listener is open: each asks for a password, and what is not allowed is refused. */
  private static void security(Map<String, String> p, Secrets secrets) {
    p.put(
        "listener.security.protocol.map",
        CLIENTS + ":SASL_PLAINTEXT," + CONTROLLER_LISTENER + ":SASL_PLAINTEXT");
    p.put("sasl.enabled.mechanisms", Credentials.MECHANISM);
    p.put("sasl.mechanism.inter.broker.protocol", Credentials.MECHANISM);
    p.put(
        "listener.name.clients.scram-sha-256.sasl.jaas.config",
        Credentials.scram(Account.ADMIN.user(), secrets.password(Account.ADMIN)));
    // SCRAM's passwords live in the metadata that this listener serves, so it can't ask for them.
    p.put("sasl.mechanism.controller.protocol", "PLAIN");
    p.put("listener.name.controller.sasl.enabled.mechanisms", "PLAIN");
    p.put(
        "listener.name.controller.plain.sasl.jaas.config",
        Credentials.controller(Account.ADMIN.user(), secrets.controllerPassword()));
    p.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
    p.put("super.users", Account.ADMIN.principal());
    p.put("allow.everyone.if.no.acl.found", "false");
  }

  /** One node serves a handful of clients: threads, buffers and internal topics to that measure. */
  private static void small(Map<String, String> p) {
    p.put("auto.create.topics.enable", "false");
    for (String topic : new String[] {"offsets.topic", "transaction.state.log"}) {
      p.put(topic + ".replication.factor", "1");
      p.put(topic + ".num.partitions", "4");
    }
    p.put("transaction.state.log.min.isr", "1");
    p.put("share.coordinator.state.topic.replication.factor", "1");
    p.put("share.coordinator.state.topic.min.isr", "1");
    p.put("share.coordinator.state.topic.num.partitions", "1");
    p.put("group.initial.rebalance.delay.ms", "0");
    p.put("group.min.session.timeout.ms", "1000");
    p.put("num.network.threads", "2");
    p.put("num.io.threads", "4");
    p.put("background.threads", "2");
    p.put("num.recovery.threads.per.data.dir", "2");
    // The default does not fit a small heap, and the broker then starts without its cleaner.
    p.put("log.cleaner.dedupe.buffer.size", "4194304");
  }
}
