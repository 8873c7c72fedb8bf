package io.banstream.standalone.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.banstream.testkit.TestBroker;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

class OpenTransactionsIT {
  private static final TopicPartition PARTITION = new TopicPartition("decisions", 0);

  @Test
  void whatAProducerLeftOpenNoLongerHoldsReadersBack() throws Exception {
    try (TestBroker broker = TestBroker.start();
        Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin
          .createTopics(List.of(new NewTopic("decisions", Optional.of(1), Optional.empty())))
          .all()
          .get();
      OpenTransactions.end(admin); // nothing there yet
      Map<String, Object> settings = new HashMap<>();
      settings.put("bootstrap.servers", broker.bootstrapServers());
      settings.put("transactional.id", "gone");
      try (var producer =
          new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
        producer.initTransactions();
        producer.beginTransaction();
        producer.send(new ProducerRecord<>("decisions", "key", "never committed")).get();
        assertThat(end(admin, IsolationLevel.READ_COMMITTED)).isZero();

        OpenTransactions.end(admin);

        assertThat(end(admin, IsolationLevel.READ_COMMITTED))
            .isEqualTo(end(admin, IsolationLevel.READ_UNCOMMITTED))
            .isPositive();
      }
    }
  }

  private static long end(Admin admin, IsolationLevel isolation) throws Exception {
    var options = new ListOffsetsOptions(isolation);
    return admin
        .listOffsets(Map.of(PARTITION, OffsetSpec.latest()), options)
        .partitionResult(PARTITION)
        .get()
        .offset();
  }
}
