package io.banstream.standalone.broker;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.BrokerIdNotRegisteredException;

/**
 * Strikes a broker that was killed off the cluster's list, before it starts again: by the
 * controller alone, over the same folder.
 *
 * <p>Else it takes itself for the leader that it was, goes on with the transactions that were being
 * committed, and loses its partitions a moment later, as its new registration voids the old one. A
 * commit's marker for a partition that has no leader is dropped for good (KAFKA-20734, in 4.4.0
 * still): half of such a transaction was committed. Nor is the old registration's timeout waited
 * for.
 */
final class KilledBroker {
  /** Kafka leaves it behind where it stopped in order. */
  private static final String CLEAN_SHUTDOWN = ".kafka_cleanshutdown";

  private KilledBroker() {}

  /**
   * @param logs where a broker ran before, or was to
   */
  static void unregister(Path logs, Secrets secrets) throws InterruptedException {
    if (Files.exists(logs.resolve(CLEAN_SHUTDOWN))) {
      return;
    }
    Listen listen = Listen.LOOPBACK.bound();
    KafkaRaftServer controller =
        EmbeddedBroker.server(logs, BrokerConfig.controller(logs, listen, secrets));
    try (Admin admin = Admin.create(client(listen, secrets))) {
      controller.startup();
      admin.unregisterBroker(BrokerConfig.NODE).all().get();
    } catch (RuntimeException | ExecutionException e) {
      if (!(e.getCause() instanceof BrokerIdNotRegisteredException)) {
        throw EmbeddedBroker.doesNotStart(e);
      }
    } finally {
      controller.shutdown();
      controller.awaitShutdown();
    }
  }

  private static Map<String, Object> client(Listen controller, Secrets secrets) {
    return new HashMap<>(Credentials.controllerClient(controller.toString(), secrets));
  }
}
