package io.banstream.e2e;

import io.banstream.schemas.KafkaConnection;
import io.banstream.schemas.Topics;
import io.banstream.standalone.broker.Account;
import io.banstream.standalone.broker.BrokerSettings;
import io.banstream.standalone.broker.EmbeddedBroker;
import io.banstream.standalone.broker.Listen;
import java.nio.file.Path;
import java.util.Optional;

class EmbeddedBrokerContractIT extends BrokerContract {
  private EmbeddedBroker broker;

  @Override
  KafkaConnection connect(Path data) throws Exception {
    broker =
        EmbeddedBroker.start(
            new BrokerSettings(
                data, Listen.LOOPBACK, new Topics(""), Optional.empty(), "banstream", 4));
    return broker.connection(Account.ADMIN);
  }

  @Override
  void disconnect() {
    broker.close();
  }
}
