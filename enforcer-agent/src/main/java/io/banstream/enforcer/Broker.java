package io.banstream.enforcer;

import io.banstream.schemas.KafkaConnection;
import io.banstream.schemas.Topics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;

/** What an enforcer asks of the cluster itself, now and then. */
final class Broker {
  private static final Map<String, Object> CONFIG = Map.of("default.api.timeout.ms", "10000");

  private final KafkaConnection kafka;

  Broker(KafkaConnection kafka) {
    this.kafka = kafka;
  }

  /**
   * The cluster as it answers.
   *
   * @param hosts names or addresses of its nodes
   * @param topics what tells whether the topics are those that were read: id and partitions of each
   */
  record Answer(Set<String> hosts, Map<String, String> topics) {}

  /**
   * @throws KafkaException if it does not answer
   */
  Answer ask() throws InterruptedException {
    try (Admin admin = Admin.create(kafka.with(CONFIG))) {
      Set<String> hosts = new TreeSet<>(bootstrap());
      for (Node node : admin.describeCluster().nodes().get()) {
        hosts.add(node.host());
      }
      Topics topics = kafka.topics();
      Map<String, String> identities = new HashMap<>();
      for (TopicDescription d :
          admin
              .describeTopics(
                  List.of(topics.decisions(), topics.jails(), topics.allows(), topics.hosts()))
              .allTopicNames()
              .get()
              .values()) {
        identities.put(d.name(), d.topicId() + " " + d.partitions().size());
      }
      return new Answer(hosts, identities);
    } catch (ExecutionException e) {
      throw new KafkaException(e.getCause());
    }
  }

  /** The hosts of the settings' own list, known before any answer. */
  Set<String> bootstrap() {
    Set<String> hosts = new TreeSet<>();
    for (String address : kafka.client().get("bootstrap.servers").split(",")) {
      String trimmed = address.trim();
      int port = trimmed.lastIndexOf(':');
      hosts.add((port < 0 ? trimmed : trimmed.substring(0, port)).replaceAll("[\\[\\]]", ""));
    }
    return hosts;
  }
}
