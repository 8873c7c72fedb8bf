package io.banstream.schemas;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.errors.TopicExistsException;

/**
 * The topics by which the parts speak to each other.
 *
 * @param prefix put before every name; empty for none
 */
public record Topics(String prefix) {
  private static final long DAY = Duration.ofDays(1).toMillis();

  public Topics {
    if (!prefix.matches("[A-Za-z0-9._-]{0,100}")) {
      throw new IllegalArgumentException(
          "topic prefix '" + prefix + "': expected letters, digits, '.', '_' and '-'");
    }
  }

  public String attempts() {
    return prefix + "attempts";
  }

  public String decisions() {
    return prefix + "decisions";
  }

  public String evidence() {
    return prefix + "evidence";
  }

  public String jails() {
    return prefix + "jails";
  }

  public String commands() {
    return prefix + "commands";
  }

  public String alerts() {
    return prefix + "alerts";
  }

  public String applied() {
    return prefix + "applied";
  }

  public String allows() {
    return prefix + "allows";
  }

  public String totals() {
    return prefix + "totals";
  }

  public String enforcements() {
    return prefix + "enforcements";
  }

  public String hosts() {
    return prefix + "hosts";
  }

  public String deadLetters() {
    return prefix + "dead-letters";
  }

  /** Every topic's name. */
  public List<String> all() {
    return specs(1, (short) 1).stream().map(NewTopic::name).toList();
  }

  /**
   * Creates the topics that are missing; those that exist are left as they are.
   *
   * @param partitions of the topics partitioned by address; they must have equally many
   * @param replication -1 for the broker's default
   * @throws ExecutionException if the broker refuses for another reason than that it exists
   */
  public void create(Admin admin, int partitions, short replication)
      throws ExecutionException, InterruptedException {
    Set<String> present = admin.listTopics().names().get();
    Collection<NewTopic> missing =
        specs(partitions, replication).stream().filter(t -> !present.contains(t.name())).toList();
    for (var created : admin.createTopics(missing).values().values()) {
      try {
        created.get();
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof TopicExistsException)) {
          throw e;
        }
      }
    }
  }

  private List<NewTopic> specs(int partitions, short replication) {
    return List.of(
        topic(attempts(), partitions, replication, kept(7)),
        topic(decisions(), partitions, replication, compacted()),
        topic(evidence(), partitions, replication, kept(30)),
        topic(commands(), partitions, replication, kept(30)),
        topic(applied(), partitions, replication, kept(30)),
        topic(totals(), partitions, replication, compacted()),
        topic(jails(), 1, replication, compacted()),
        topic(allows(), 1, replication, compacted()),
        topic(enforcements(), 1, replication, compacted()),
        topic(hosts(), 1, replication, compacted()),
        topic(alerts(), 1, replication, kept(30)),
        topic(deadLetters(), 1, replication, kept(14)));
  }

  private static NewTopic topic(
      String name, int partitions, short replication, Map<String, String> config) {
    Map<String, String> all = new HashMap<>(config);
    all.put("message.timestamp.type", "LogAppendTime");
    return new NewTopic(name, partitions, replication).configs(all);
  }

  private static Map<String, String> kept(int days) {
    return Map.of("cleanup.policy", "delete", "retention.ms", Long.toString(days * DAY));
  }

  /** Tombstones stay 7 days for readers that were away; what is forgotten is gone within two. */
  private static Map<String, String> compacted() {
    return Map.of(
        "cleanup.policy", "compact",
        "delete.retention.ms", Long.toString(7 * DAY),
        "max.compaction.lag.ms", Long.toString(DAY),
        "segment.ms", Long.toString(DAY));
  }
}
