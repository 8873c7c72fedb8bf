package io.banstream.enforcer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.banstream.schemas.KafkaConnection;
import io.banstream.schemas.Topics;
import io.banstream.schemas.Verdict;
import io.banstream.testkit.Netns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An enforcer is killed at random moments while bans and unbans flow: the kernel has what was
 * decided afterwards, and who is banned all along never gets a packet through.
 *
 * <p>More kills: {@code -Dbanstream.kills=200}.
 */
class KilledEnforcerIT extends EnforcerOnBroker {
  private static final int KILLS = Integer.getInteger("banstream.kills", 6);
  private static final int ADDRESSES = 100;
  private static final Pattern BANNED = Pattern.compile("192\\.0\\.2\\.\\d+");

  private final List<Process> started = new ArrayList<>();
  private final SortedSet<String> banned = new TreeSet<>();

  /** An enforcer in a process of its own. */
  static final class Enforcing {
    private Enforcing() {}

    public static void main(String[] args) throws Exception {
      KafkaConnection kafka =
          new KafkaConnection(
              Map.of("bootstrap.servers", args[0]), new Topics(args[1]), Optional.empty());
      EnforcerAgent.start(
          new EnforcerSettings(
              kafka,
              "relay1",
              "default",
              Path.of(args[2]),
              FirewallKind.valueOf(args[3]),
              InstantSource.system(),
              Arrays.asList(args).subList(4, args.length),
              false,
              Optional.empty(),
              line -> {}));
      Thread.sleep(Long.MAX_VALUE);
    }
  }

  @AfterEach
  void killAll() throws InterruptedException {
    for (Process process : started) {
      process.destroyForcibly().waitFor();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"IPSET", "NFTABLES"})
  void theKernelHasWhatWasDecidedWheneverItIsKilled(FirewallKind kind) throws Exception {
    Netns.assumeAvailable("nft");
    SplittableRandom random = new SplittableRandom(7);
    decide(Verdict.BAN, ATTACKER, "*", null);
    Process enforcer = enforce(kind);
    await().atMost(LIMIT).until(() -> !pings(ATTACKER));
    Path answers = data.resolve("answers");
    Process knocking =
        keep(
            new ProcessBuilder(
                    words(attacker, "ping", "-i", "0.02", "-I", ATTACKER, "198.51.100.1"))
                .redirectErrorStream(true)
                .redirectOutput(answers.toFile())
                .start());

    AtomicBoolean over = new AtomicBoolean();
    CompletableFuture<Void> deciding = CompletableFuture.runAsync(() -> decideUntil(over));
    for (int kill = 0; kill < KILLS; kill++) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200 + random.nextInt(2_800)));
      enforcer.destroyForcibly().waitFor();
      enforcer = enforce(kind);
    }
    over.set(true);
    deciding.get(LIMIT.toSeconds(), TimeUnit.SECONDS);

    await().atMost(LIMIT).untilAsserted(() -> assertThat(inKernel(kind)).isEqualTo(banned));
    assertThat(banned).hasSizeBetween(1, ADDRESSES - 1);
    attacker.run("kill", "-INT", Long.toString(knocking.pid())); // it then says how it went
    knocking.waitFor();
    assertThat(Files.readString(answers)).contains(" packets transmitted, 0 received");
  }

  private Process enforce(FirewallKind kind) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                Enforcing.class.getName(),
                kafka.client().get("bootstrap.servers"),
                kafka.topics().prefix(),
                data.resolve("enforcer").toString(),
                kind.name()));
    command.addAll(relay.prefix());
    return keep(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start());
  }

  private Process keep(Process process) {
    started.add(process);
    return process;
  }

  private static List<String> words(Netns in, String... command) {
    List<String> words = new ArrayList<>(in.prefix());
    words.addAll(List.of(command));
    return words;
  }

  /** Bans and lifts, one address after the other. */
  private void decideUntil(AtomicBoolean over) {
    SplittableRandom random = new SplittableRandom(11);
    while (!over.get()) {
      String address = "192.0.2." + (1 + random.nextInt(ADDRESSES));
      boolean ban = banned.add(address);
      try {
        Instant until = Instant.now().plusSeconds(86_400);
        decide(ban ? Verdict.BAN : Verdict.UNBAN, address, "*", until);
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
      if (!ban) {
        banned.remove(address);
      }
    }
  }

  private SortedSet<String> inKernel(FirewallKind kind) {
    String sets =
        kind == FirewallKind.IPSET
            ? relay.run("ipset", "save")
            : relay.run("nft", "list", "table", "inet", "banstream");
    return BANNED
        .matcher(sets)
        .results()
        .map(m -> m.group())
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
