package io.banstream.enforcer;

import io.banstream.enforcer.NeverBanned.Exempt;
import io.banstream.schemas.Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.KafkaException;

/**
 * Looks about for what an enforcer must know beside the topics' records: the host's surroundings,
 * the cluster's nodes, whether the topics are still the same. Slow where a name server is; so it is
 * a thread's own, and what it found may be read by any.
 */
final class Outlook {
  private static final Duration INTERVAL = Duration.ofSeconds(30);

  private final Surroundings surroundings;
  private final Broker broker;
  private final List<Exempt> always;
  private final Pace pace = Pace.each(INTERVAL);
  private Set<String> brokers;
  private Optional<Map<String, String>> topics = Optional.empty();
  private volatile boolean topicsChanged;
  private volatile List<Exempt> exempt;
  private volatile List<Address> own;

  /**
   * @param families those that the firewall serves
   */
  Outlook(Surroundings surroundings, Broker broker, Set<Family> families) {
    this.surroundings = surroundings;
    this.broker = broker;
    this.brokers = broker.bootstrap();
    this.always =
        families.contains(Family.V6)
            ? List.of()
            : List.of(new Exempt(Address.parse("::/0"), "this host's firewall has no IPv6"));
    this.own = surroundings.own();
    this.exempt = join(surroundings.local(), List.of());
  }

  private List<Exempt> join(List<Exempt> local, List<Exempt> named) {
    List<Exempt> all = new ArrayList<>(always);
    all.addAll(local);
    all.addAll(named);
    return List.copyOf(all);
  }

  /** Looks, if it is time to. */
  void tick() throws InterruptedException {
    if (!pace.due()) {
      return;
    }
    try {
      Broker.Answer answer = broker.ask();
      brokers = answer.hosts();
      topicsChanged |= topics.isPresent() && !topics.get().equals(answer.topics());
      topics = Optional.of(answer.topics());
    } catch (KafkaException e) {
      // The nodes known so far still count; that the broker is away is told by its silence.
    }
    own = surroundings.own();
    exempt = join(surroundings.local(), surroundings.named(brokers));
  }

  List<Exempt> exempt() {
    return exempt;
  }

  List<Address> own() {
    return own;
  }

  /** Whether topics were made anew, or got more partitions, since the last call. */
  boolean takeTopicsChanged() {
    boolean changed = topicsChanged;
    topicsChanged = false;
    return changed;
  }
}
