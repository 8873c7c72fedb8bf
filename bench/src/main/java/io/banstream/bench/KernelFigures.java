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
import java.nio.file.Files;
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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Bans decided at once, until the kernel has all of them; and an enforcer's start with many, in a
 * kernel that has none. Beside fail2ban, where it is installed.
 */
final class KernelFigures {
  private static final int BANS = Integer.getInteger("banstream.bans", 100_000);
  private static final int MANY = Integer.getInteger("banstream.table", 1_000_000);
  private static final int FAIL2BANS = 1_000;

  /** As {@code ./banstream} gives them to an enforcer, but for the archive of its classes. */
  private static final List<String> AGENT =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:MaxRAMPercentage=25",
          "-Xms6m",
          "-XX:NewSize=2m",
          "-XX:MinHeapFreeRatio=10",
          "-XX:MaxHeapFreeRatio=20",
          "-Xss256k",
          "-XX:TieredStopAtLevel=1");

  private static final Pattern ENTRIES = Pattern.compile("Number of entries: (\\d+)");

  private KernelFigures() {}

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
              FirewallKind.IPSET,
              InstantSource.system(),
              Arrays.asList(args).subList(2, args.length),
              false,
              Optional.empty(),
              line -> {}));
      Thread.sleep(Long.MAX_VALUE);
    }
  }

  static void print(Path folder) throws IOException, ExecutionException, InterruptedException {
    if (!System.getProperty("user.name").equals("root")) {
      System.out.println("kernel: needs root for network namespaces, left out");
      return;
    }
    System.out.println("kernel: decided to in the kernel, by ipset");
    try (FullTopics topics = new FullTopics();
        KafkaProducer<byte[], byte[]> producer = producer(topics.kafka())) {
      producer.initTransactions();
      Path data = folder.resolve("data");
      try (Netns relay = Netns.create("relay")) {
        atOnce(topics.kafka(), producer, data, relay);
      }
      decide(topics.kafka(), producer, BANS, MANY);
      try (Netns fresh = Netns.create("relay")) {
        start(topics.kafka(), data, fresh);
      }
    }
    fail2ban(folder);
  }

  private static KafkaProducer<byte[], byte[]> producer(KafkaConnection kafka) {
    return new KafkaProducer<>(
        kafka.with(Map.of("transactional.id", "processor")),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  private static void atOnce(
      KafkaConnection kafka, KafkaProducer<byte[], byte[]> producer, Path data, Netns relay)
      throws IOException {
    try (Command enforcer = enforcer(kafka, data, relay)) {
      decide(kafka, producer, 0, 1);
      await(relay, 1);
      long begin = System.nanoTime();
      decide(kafka, producer, 1, BANS);
      double sent = seconds(begin);
      await(relay, BANS);
      double all = seconds(begin);
      System.out.printf(
          "  %,d bans: committed after %.2f s, in the kernel after %.2f s, %,.0f a second;"
              + " resident %,d KiB%n",
          BANS, sent, all, BANS / all, enforcer.status("VmRSS"));
    }
  }

  private static void start(KafkaConnection kafka, Path data, Netns fresh) throws IOException {
    long begin = System.nanoTime();
    try (Command enforcer = enforcer(kafka, data, fresh)) {
      await(fresh, MANY);
      System.out.printf(
          "  start with %,d: in the kernel after %.2f s; resident %,d KiB%n",
          MANY, seconds(begin), enforcer.status("VmRSS"));
    }
  }

  private static Command enforcer(KafkaConnection kafka, Path data, Netns in) throws IOException {
    List<String> args =
        new ArrayList<>(List.of(kafka.client().get("bootstrap.servers"), data.toString()));
    args.addAll(in.prefix());
    return Command.java(List.of(), AGENT, Enforcing.class, args.toArray(String[]::new));
  }

  /** Bans the addresses of these numbers in one transaction. */
  private static void decide(
      KafkaConnection kafka, KafkaProducer<byte[], byte[]> producer, int from, int to) {
    String topic = kafka.topics().decisions();
    var values = kafka.serde(Decision.class).serializer();
    Instant now = Instant.now();
    producer.beginTransaction();
    for (int i = from; i < to; i++) {
      String address = String.format("2001:db8::%x:%x", i >>> 16, i & 0xFFFF);
      Decision decision =
          new Decision(
              Verdict.BAN,
              DecisionKey.MANUAL,
              Address.parse(address).toString(),
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

  private static void await(Netns relay, int entries) {
    long limit = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
    int there = 0;
    while (there < entries) {
      if (System.nanoTime() > limit) {
        throw new IllegalStateException(there + " are in the kernel after three minutes");
      }
      LockSupport.parkNanos(5_000_000);
      Matcher m = ENTRIES.matcher(relay.run("ipset", "list", "-t"));
      there = m.results().mapToInt(r -> Integer.parseInt(r.group(1))).sum();
    }
  }

  private static double seconds(long begin) {
    return (System.nanoTime() - begin) / 1e9;
  }

  private static void fail2ban(Path folder) throws IOException, InterruptedException {
    if (!Files.isExecutable(Path.of("/usr/bin/fail2ban-server"))) {
      System.out.println("  fail2ban is not installed, left out");
      return;
    }
    Path config = Files.createDirectory(folder.resolve("fail2ban"));
    for (String installed : List.of("action.d", "filter.d", "paths-common.conf")) {
      Files.createSymbolicLink(config.resolve(installed), Path.of("/etc/fail2ban", installed));
    }
    Files.writeString(
        config.resolve("fail2ban.conf"),
        """
        [Definition]
        loglevel = INFO
        logtarget = %1$s/log
        syslogsocket = auto
        socket = %1$s/socket
        pidfile = %1$s/pid
        dbfile = None
        dbpurgeage = 1d
        dbmaxmatches = 10
        """
            .formatted(config));
    Files.writeString(
        config.resolve("jail.conf"),
        """
        [manual]
        enabled = true
        filter = postfix
        logpath = %s
        backend = polling
        bantime = 1d
        action = iptables-allports[name=manual]
        """
            .formatted(Files.createFile(config.resolve("maillog"))));
    try (Netns relay = Netns.create("relay")) {
      Process server = relay.start("fail2ban-server", "-c", config.toString(), "-xf", "start");
      try {
        awaitFail2ban(relay, config);
        List<String> ban = new ArrayList<>(client(config, "set", "manual", "banip"));
        for (int i = 0; i < FAIL2BANS; i++) {
          ban.add("198.51." + (100 + i / 250) + "." + (1 + i % 250));
        }
        long begin = System.nanoTime();
        relay.run(ban.toArray(String[]::new));
        while (rules(relay) < FAIL2BANS) {
          LockSupport.parkNanos(5_000_000);
        }
        double all = seconds(begin);
        System.out.printf(
            "  fail2ban, %,d bans: in the kernel after %.2f s, %,.0f a second%n",
            FAIL2BANS, all, FAIL2BANS / all);
      } finally {
        server.destroyForcibly().waitFor();
      }
    }
  }

  private static List<String> client(Path config, String... words) {
    List<String> client = new ArrayList<>(List.of("fail2ban-client", "-c", config.toString()));
    client.addAll(List.of(words));
    return client;
  }

  private static void awaitFail2ban(Netns relay, Path config) {
    String[] ping = client(config, "status", "manual").toArray(String[]::new);
    while (relay.tryRun(ping).exit() != 0) {
      LockSupport.parkNanos(100_000_000);
    }
  }

  private static long rules(Netns relay) {
    return relay
        .tryRun("iptables", "-S")
        .output()
        .lines()
        .filter(line -> line.startsWith("-A f2b-manual -s"))
        .count();
  }
}
