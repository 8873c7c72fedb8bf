package io.banstream.bench;

import io.banstream.enforcer.EnforcerAgent;
import io.banstream.enforcer.EnforcerSettings;
import io.banstream.enforcer.FirewallKind;
import io.banstream.schemas.Address;
import io.banstream.schemas.AddressPartitioner;
import io.banstream.schemas.Decision;
import io.banstream.schemas.DecisionKey;
import io.banstream.schemas.KafkaConnection;
import io.banstream.schemas.Topics;
import io.banstream.schemas.Verdict;
import io.banstream.testkit.Netns;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Bans as a processor would have decided them, and enforcers in namespaces that follow them. */
final class Decided implements AutoCloseable {
  /** A look takes a process: it is to take little of the machine that is measured. */
  private static final long BETWEEN_LOOKS_NANOS = 50_000_000;

  private static final Pattern ENTRIES = Pattern.compile("Number of entries: (\\d+)");
  private static final Pattern NFT_ENTRY = Pattern.compile("2001:db8:[0-9a-f:]+");

  private final FullTopics topics = new FullTopics();
  private final KafkaProducer<byte[], byte[]> producer =
      new KafkaProducer<>(
          topics.kafka().with(Map.of("transactional.id", "processor")),
          new ByteArraySerializer(),
          new ByteArraySerializer());

  Decided() throws ExecutionException, InterruptedException {
    producer.initTransactions();
  }

  /** An enforcer whose commands run in a namespace. */
  static final class Enforcing {
    private Enforcing() {}

    public static void main(String[] args) throws Exception {
      KafkaConnection kafka =
          new KafkaConnection(
              Map.of("bootstrap.servers", args[0]), new Topics(""), Optional.empty());
      EnforcerAgent.start(
          new EnforcerSettings(
              kafka,
              "relay1",
              "default",
              Path.of(args[1]),
              FirewallKind.valueOf(args[2]),
              InstantSource.system(),
              Arrays.asList(args).subList(3, args.length),
              false,
              Optional.empty(),
              line -> {}));
      Thread.sleep(Long.MAX_VALUE);
    }
  }

  /**
   * @param data its folder
   */
  Command enforcer(FirewallKind kind, Path data, Netns in) throws IOException {
    List<String> args =
        new ArrayList<>(
            List.of(
                topics.kafka().client().get("bootstrap.servers"), data.toString(), kind.name()));
    args.addAll(in.prefix());
    return Command.java(
        List.of(),
        Command.agentOptions("enforcer-agent"),
        Enforcing.class,
        args.toArray(String[]::new));
  }

  /** The address of a number: documentation's, of IPv6. */
  static String address(int i) {
    return Address.parse(String.format("2001:db8::%x:%x", i >>> 16, i & 0xFFFF)).toString();
  }

  /** Bans the addresses of these numbers in one transaction. */
  void ban(int from, int to) {
    String topic = topics.kafka().topics().decisions();
    var values = topics.kafka().serde(Decision.class).serializer();
    Instant now = Instant.now();
    producer.beginTransaction();
    for (int i = from; i < to; i++) {
      Decision decision =
          new Decision(
              Verdict.BAN,
              DecisionKey.MANUAL,
              address(i),
              DecisionKey.FLEET,
              now,
              now.plusSeconds(86_400),
              1,
              3,
              1L,
              false,
              false);
      String key = DecisionKey.of(decision).toString();
      int partition = AddressPartitioner.partition(decision.getAddress(), FullTopics.PARTITIONS);
      producer.send(
          new ProducerRecord<>(
              topic,
              partition,
              key.getBytes(StandardCharsets.UTF_8),
              values.serialize(topic, decision)));
    }
    producer.commitTransaction();
  }

  /** Waits until the kernel of a namespace has so many entries. */
  static void await(Netns relay, FirewallKind kind, int entries) {
    long limit = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
    for (long there = 0; there < entries; there = entries(relay, kind)) {
      if (System.nanoTime() > limit) {
        throw new IllegalStateException(there + " are in the kernel after three minutes");
      }
      LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
    }
  }

  private static long entries(Netns relay, FirewallKind kind) {
    if (kind == FirewallKind.NFTABLES) {
      return NFT_ENTRY
          .matcher(relay.tryRun("nft", "list", "table", "inet", "banstream").output())
          .results()
          .count();
    }
    return ENTRIES
        .matcher(relay.run("ipset", "list", "-t"))
        .results()
        .mapToInt(r -> Integer.parseInt(r.group(1)))
        .sum();
  }

  @Override
  public void close() {
    producer.close();
    topics.close();
  }
}
