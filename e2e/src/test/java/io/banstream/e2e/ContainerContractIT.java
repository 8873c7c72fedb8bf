package io.banstream.e2e;

import io.banstream.schemas.KafkaConnection;
import io.banstream.schemas.Topics;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.kafka.KafkaContainer;

/** The same on Apache's own image; skipped where there is no Docker engine. */
@Testcontainers(disabledWithoutDocker = true)
class ContainerContractIT extends BrokerContract {
  private final KafkaContainer container = new KafkaContainer("apache/kafka:4.3.1");

  @Override
  KafkaConnection connect(Path data) throws Exception {
    container.start();
    KafkaConnection kafka =
        new KafkaConnection(
            Map.of("bootstrap.servers", container.getBootstrapServers()),
            new Topics(""),
            Optional.empty());
    try (Admin admin = Admin.create(kafka.with(Map.of()))) {
      kafka.topics().create(admin, 4, (short) 1);
    }
    return kafka;
  }

  @Override
  void disconnect() {
    container.stop();
  }
}
