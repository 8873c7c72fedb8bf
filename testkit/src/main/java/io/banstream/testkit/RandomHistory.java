package io.banstream.testkit;

import io.banstream.testkit.ModelPolicy.Guard;
import io.banstream.testkit.ModelPolicy.Increment;
import io.banstream.testkit.ModelPolicy.Slow;
import io.banstream.testkit.ModelPolicy.Subnet;
import io.banstream.testkit.ModelPolicy.Trust;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;

/**
 * What one task might read: failures of few addresses seen by few hosts, so that everything meets
 * everything, among late, early, equal and repeated ones, hosts that begin anew, an operator's acts
 * and changes of policy. The same seed gives the same history. Any part of one is a history too, so
 * that {@link Shrink} can work on it.
 */
public final class RandomHistory {
  private static final Instant START = Instant.parse("2026-11-25T03:00:00Z");
  private static final List<String> ADDRESSES =
      List.of(
          "192.0.2.1",
          "192.0.2.2",
          "203.0.113.9",
          "2001:db8::1",
          "2001:db8::2",
          "192.0.2.3",
          "2001:db8:0:1::1",
          "192.0.2.77",
          "2001:db9::1");

  /** What an operator names: also what a jail bans with ipv6prefix 64, and for its addresses. */
  private static final List<String> TARGETS =
      List.of(
          "192.0.2.1",
          "192.0.2.2",
          "203.0.113.9",
          "2001:db8::/64",
          "2001:db8::2",
          "192.0.2.0/24",
          "192.0.2.3");

  private static final List<String> NETWORKS =
      List.of("192.0.2.1", "192.0.2.0/24", "203.0.113.0/30", "2001:db8::/32", "2001:db8::1");
  private static final List<String> FORMULAS =
      ModelBantime.FORMULAS.keySet().stream().sorted().toList();

  private static final List<String> HOSTS = List.of("relay1", "relay2", "relay3");

  private static final List<String> HOSTS_OF_ONE_THAT_TALKS =
      List.of("relay1", "relay1", "relay1", "relay1", "relay1", "relay1", "relay2", "relay3");

  /** Nothing fails in it. It is always in force, so the longest guard.time stays the same. */
  private static final ModelPolicy QUIET =
      ModelPolicy.of("quiet", 5, Duration.ofSeconds(60), Duration.ofSeconds(60))
          .withGuard(new Guard(500, Duration.ofSeconds(500), false, List.of()));

  private final Random random;
  private final boolean guarded;
  private final boolean succeeding;
  private final List<String> addresses;
  private final List<String> targets;
  private final List<String> hosts;
  private final Map<String, Boolean> perHost = new HashMap<>();
  private final List<ModelEvent> events = new ArrayList<>();
  private final Map<String, Agent> agents = new HashMap<>();
  private final Map<String, ModelPolicy> policies = new TreeMap<>();
  private final Duration delay;
  private Instant now = START;
  private long version;

  private RandomHistory(long seed, boolean guarded, boolean succeeding) {
    random = new Random(seed);
    this.guarded = guarded;
    this.succeeding = succeeding;
    boolean many = guarded && seed % 4 == 0;
    addresses = new ArrayList<>(ADDRESSES);
    targets = new ArrayList<>(TARGETS);
    for (int i = 1; many && addresses.size() < 60; i++) {
      addresses.add("198.51.100." + i);
      targets.add("198.51.100." + i);
    }
    hosts = many ? HOSTS_OF_ONE_THAT_TALKS : HOSTS;
    // Live, or old logs read much later: then every ban is over when it is decided.
    delay = random.nextInt(4) > 0 ? Duration.ZERO : Duration.ofDays(30);
  }

  /** A host's agent, as far as positions go. */
  private static final class Agent {
    private final List<ModelEvent.Login> sent = new ArrayList<>();
    private int incarnation;
    private long generation;
    private long offset;

    private ModelEvent.Position position(String host, int ordinal) {
      return new ModelEvent.Position(
          host + "-" + incarnation, "/var/log/mail.log", generation, offset, ordinal);
    }
  }

  /** The history of that seed, about that many events long, the guard off. */
  public static List<ModelEvent> of(long seed, int length) {
    return new RandomHistory(seed, false, false).until(length);
  }

  /**
   * The same with rule 11 and changes of scope. Every fourth seed has 60 addresses and one host
   * that tells of most of them: with some hundred events it passes its share.
   */
  public static List<ModelEvent> guarded(long seed, int length) {
    return new RandomHistory(seed, true, false).until(length);
  }

  /** The same with rule 14: logins that succeed among the others; the guard at every other seed. */
  public static List<ModelEvent> succeeding(long seed, int length) {
    return new RandomHistory(seed, seed % 2 == 0, true).until(length);
  }

  private List<ModelEvent> until(int length) {
    begin();
    while (events.size() < length) {
      step();
    }
    return List.copyOf(events);
  }

  private void begin() {
    for (String jail : List.of("sasl", "sshd", "dovecot", "recidive", "sasl-recidive")) {
      if (!jail.endsWith("recidive") || random.nextInt(4) > 0) {
        policies.put(jail, policy(jail));
      }
    }
    push();
  }

  private void step() {
    now = now.plusSeconds(random.nextInt(3));
    if (succeeding && random.nextInt(8) == 0) {
      success();
      return;
    }
    int kind = random.nextInt(100);
    if (kind < 82) {
      line();
    } else if (kind < 86) {
      again();
    } else if (kind < 88) {
      beginAnew();
    } else if (kind < 90) {
      events.add(ban());
    } else if (kind < 92) {
      events.add(imported());
    } else if (kind < 95) {
      events.add(unban());
    } else if (kind < 97) {
      allow();
    } else if (kind < 98) {
      events.add(new ModelEvent.Disallow(appended(), said(), any(NETWORKS)));
    } else {
      change();
    }
  }

  /** One line, read by one jail or two, with one failure or two. */
  private void line() {
    String host = any(hosts);
    Agent agent = agents.computeIfAbsent(host, h -> new Agent());
    agent.offset += 100;
    Instant time = happened();
    String address = any(addresses.subList(0, 1 + random.nextInt(addresses.size())));
    int jails = random.nextInt(3) == 0 ? 2 : 1;
    int failures = random.nextInt(8) == 0 ? 2 : 1;
    int first = random.nextInt(3);
    for (int ordinal = 0; ordinal < failures; ordinal++) {
      for (int j = 0; j < jails; j++) {
        String jail = List.of("sasl", "sshd", "dovecot").get((first + j) % 3);
        var position = agent.position(host, ordinal);
        String user = any(List.of("alice", "Alice", "bob", "carol", ""));
        var failure = new ModelEvent.Failure(appended(), host, position, jail, address, time, user);
        agent.sent.add(failure);
        events.add(failure);
      }
    }
  }

  private void success() {
    String host = any(hosts);
    Agent agent = agents.computeIfAbsent(host, h -> new Agent());
    agent.offset += 100;
    String jail = any(List.of("sasl", "sshd", "dovecot"));
    Instant time = happened();
    var success =
        new ModelEvent.Success(
            appended(), host, agent.position(host, 0), jail, any(addresses), time);
    agent.sent.add(success);
    events.add(success);
  }

  /** Mostly now; late; a little ahead; ahead of what is believed, and at its very edge. */
  private Instant happened() {
    return switch (random.nextInt(20)) {
      case 0, 1, 2, 3 -> now.minusSeconds(random.nextInt(12));
      case 4 -> now.minusSeconds(random.nextInt(200));
      case 5 -> now.plusSeconds(random.nextInt(8));
      case 6 -> now.plusMillis(random.nextInt(2000));
      case 7 -> random.nextInt(6) == 0 ? appended().plusSeconds(300) : now;
      case 8 -> random.nextInt(4) == 0 ? appended().plusSeconds(300).plusMillis(1) : now;
      default -> now;
    };
  }

  /** An agent that went back to its checkpoint sends its last lines again, in their order. */
  private void again() {
    Agent agent = agents.get(any(HOSTS));
    if (agent != null) {
      List<ModelEvent.Login> sent = agent.sent;
      int from = Math.max(0, sent.size() - 1 - random.nextInt(6));
      sent.subList(from, sent.size()).forEach(login -> events.add(again(login)));
    }
  }

  private ModelEvent again(ModelEvent.Login l) {
    return l instanceof ModelEvent.Failure f
        ? new ModelEvent.Failure(
            appended(), f.host(), f.position(), f.jail(), f.address(), f.time(), f.user())
        : new ModelEvent.Success(
            appended(), l.host(), l.position(), l.jail(), l.address(), l.time());
  }

  /** The log is rotated, or the agent has lost its data folder and is another from here on. */
  private void beginAnew() {
    Agent agent = agents.get(any(HOSTS));
    if (agent != null) {
      agent.offset = 0;
      if (random.nextBoolean()) {
        agent.generation++;
      } else {
        agent.generation = 0;
        agent.incarnation++;
        agent.sent.clear();
      }
    }
  }

  private ModelEvent ban() {
    String jail = any(List.of("manual", "manual", "sasl", "sshd", "recidive", "unheard-of"));
    Instant said = said();
    Optional<Instant> until =
        random.nextInt(4) == 0
            ? Optional.empty()
            : Optional.of(said.plusSeconds(random.nextInt(60) - 3));
    return new ModelEvent.Ban(appended(), said, any(targets), jail, until, Optional.empty());
  }

  /** What fail2ban banned on a host lately, or long ago. */
  private ModelEvent imported() {
    String jail =
        any(List.of("sasl", "sasl", "sshd", "dovecot", "recidive", "sasl-recidive", "unheard-of"));
    Instant said = said();
    Instant from = said.minusSeconds(random.nextInt(random.nextBoolean() ? 10 : 200) - 1);
    Optional<Instant> until =
        random.nextInt(6) == 0
            ? Optional.empty()
            : Optional.of(from.plusSeconds(random.nextInt(60)));
    var ban = new ModelEvent.Imported(from, any(HOSTS));
    return new ModelEvent.Ban(appended(), said, any(targets), jail, until, Optional.of(ban));
  }

  private ModelEvent unban() {
    Optional<String> jail =
        random.nextInt(3) > 0
            ? Optional.empty()
            : Optional.of(
                any(List.of("manual", "sasl", "sshd", "dovecot", "recidive", "sasl-recidive")));
    return new ModelEvent.Unban(appended(), said(), any(targets), jail, random.nextInt(3) == 0);
  }

  private void allow() {
    String network = any(NETWORKS);
    Instant said = said();
    Optional<Instant> until =
        random.nextBoolean() ? Optional.empty() : Optional.of(said.plusSeconds(random.nextInt(40)));
    events.add(new ModelEvent.Allow(appended(), said, network, List.of(network), until));
  }

  /** A jail's policy is another, is withdrawn or comes back. */
  private void change() {
    String jail = any(List.of("sasl", "sshd", "dovecot", "recidive", "sasl-recidive"));
    if (policies.containsKey(jail) && random.nextInt(3) == 0) {
      policies.remove(jail);
    } else {
      policies.put(jail, policy(jail));
    }
    push();
  }

  private void push() {
    List<ModelPolicy> all = new ArrayList<>(policies.values());
    if (guarded) {
      all.add(QUIET);
    }
    int partitions = guarded ? any(List.of(1, 1, 12, 50)) : 1;
    events.add(new ModelEvent.Marker(appended(), said(), ++version, List.copyOf(all), partitions));
  }

  private ModelPolicy policy(String jail) {
    boolean recidive = jail.endsWith("recidive");
    int findtime = recidive ? 20 + random.nextInt(300) : 1 + random.nextInt(15);
    int maxretry = 1 + random.nextInt(4);
    return new ModelPolicy(
        jail,
        Duration.ofSeconds(findtime),
        random.nextInt(12) == 0
            ? Optional.empty()
            : Optional.of(Duration.ofSeconds(1 + random.nextInt(recidive ? 100 : 25))),
        maxretry,
        random.nextInt(6) == 0 ? List.of(any(NETWORKS)) : List.of(),
        perHost(jail),
        jail.equals("sshd") ? 64 : 128,
        increment(),
        Duration.ofSeconds(random.nextInt(200)),
        guarded ? guard() : Guard.OFF,
        random.nextInt(3) > 0 ? Optional.empty() : Optional.of(slow(findtime, maxretry)),
        recidive ? Optional.of(bansOf(jail)) : Optional.empty(),
        succeeding ? trust() : Trust.OFF,
        random.nextInt(3) == 0 ? Optional.empty() : Optional.of(subnet()),
        recidive || random.nextInt(4) > 0 ? 0 : 1 + random.nextInt(3));
  }

  private Trust trust() {
    return new Trust(
        random.nextBoolean(), Duration.ofSeconds(any(List.of(0, 3, 20, 20, 200, 2_000_000))));
  }

  private Subnet subnet() {
    return new Subnet(
        1 + random.nextInt(4), any(List.of(24, 24, 24, 28, 30)), any(List.of(32, 48, 64)));
  }

  private Set<String> bansOf(String jail) {
    if (jail.equals("recidive")) {
      return random.nextInt(4) > 0 ? Set.of() : Set.of("sshd", "dovecot");
    }
    return random.nextBoolean() ? Set.of("sasl") : Set.of("sasl", "dovecot", "recidive");
  }

  private Slow slow(int findtime, int maxretry) {
    return new Slow(
        Duration.ofSeconds(findtime + 1 + random.nextInt(100)), maxretry + 1 + random.nextInt(4));
  }

  /** Without the guard a jail's scope stays what it was first. */
  private boolean perHost(String jail) {
    boolean drawn = random.nextInt(3) == 0;
    return guarded ? drawn : perHost.computeIfAbsent(jail, j -> drawn);
  }

  private Guard guard() {
    return new Guard(
        any(List.of(0, 1, 1, 10, 10, 13, 500)),
        Duration.ofSeconds(any(List.of(30, 100, 200, 500))),
        random.nextInt(4) == 0,
        any(
            List.of(
                List.<String>of(),
                List.<String>of(),
                List.<String>of(),
                List.of("203.0.113.9"),
                List.of("2001:db8::1", "192.0.2.0/31", "192.0.2.0/24"))));
  }

  private Increment increment() {
    if (random.nextInt(3) > 0) {
      return Increment.OFF;
    }
    return new Increment(
        random.nextInt(5) > 0,
        any(List.of(1.0, 1.0, 0.3, 1.7)),
        any(List.of(List.<Double>of(), List.of(1.0, 5.0, 30.0), List.of(0.5))),
        random.nextBoolean() ? Optional.empty() : Optional.of(Duration.ofSeconds(60)),
        random.nextBoolean() ? Duration.ZERO : Duration.ofSeconds(20),
        random.nextBoolean(),
        random.nextInt(3) > 0 ? Optional.empty() : Optional.of(any(FORMULAS)));
  }

  private Instant appended() {
    return now.plus(delay);
  }

  /** An operator's clock is right to some seconds. */
  private Instant said() {
    return now.plusSeconds(random.nextInt(5) - 2);
  }

  private <T> T any(List<T> list) {
    return list.get(random.nextInt(list.size()));
  }
}
