package io.banstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.banstream.schemas.Attempt;
import io.banstream.schemas.DeadLetter;
import io.banstream.schemas.Decision;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything is killed again and again in the middle of its work, a log is rotated while it is
 * down, and the bans are those of the model all the same, once each. Three hosts: one in {@code
 * up}, two with agents of their own; jails that read the same lines, of both scopes; late and equal
 * times; four partitions.
 *
 * <p>Another traffic: {@code -Dbanstream.seed=N}; another length: {@code -Dbanstream.lines=N}.
 */
class CrashIT {
  private static final int LINES = Integer.getInteger("banstream.lines", 200_000);
  private static final long SEED = Long.getLong("banstream.seed", 4);
  private static final int CRASHES = 3;
  private static final Duration LIMIT = Duration.ofMinutes(5);
  private static final Duration TRAFFIC = Duration.ofHours(6);

  private final Random random = new Random(SEED);
  private ThreeHosts hosts;
  private Relays relays;

  @BeforeEach
  void prepare(@TempDir Path folder) throws IOException {
    Instant start = Instant.now().minus(TRAFFIC);
    MailTraffic traffic =
        new MailTraffic(random.nextLong(), ThreeHosts.NAMES, start, TRAFFIC.dividedBy(LINES));
    relays = new Relays(folder.resolve("logs"), ThreeHosts.NAMES, traffic);
    hosts = new ThreeHosts(folder, random);
  }

  @AfterEach
  void end() throws IOException {
    hosts.kill();
    relays.close();
  }

  @Test
  void theBansAreTheModelsOnceEachWhateverIsKilled() throws Exception {
    hosts.start(true);
    int phase = LINES / (CRASHES + 1);
    for (int crash = 0; crash < CRASHES; crash++) {
      writeUntilDecisionsCome(hosts.reader("console"), crash * phase + phase / 2);
      writeAWhile((crash + 1) * phase);
      hosts.kill();
      relays.writeTo(relays.written() + phase / 10);
      relays.rotate(ThreeHosts.NAMES.get(crash));
      relays.writeTo((crash + 1) * phase);
      hosts.start(false);
    }
    relays.rotate(ThreeHosts.NAMES.get(0));
    relays.writeTo(LINES);
    relays.flush();
    TopicReader reader = hosts.reader("console");
    awaitAll(reader);

    ModelComparison comparison = new ModelComparison(reader, relays.failures());
    comparison.assertSameByTopics(reader);
    comparison.assertSameByReplay(hosts.reader("process"));
    comparison.assertSameByLogs();
    assertThat(reader.all(reader.topics().deadLetters(), DeadLetter.class)).isEmpty();
  }

  /** Writes to that line and waits until decisions come: it is in the middle of its work. */
  private void writeUntilDecisionsCome(TopicReader reader, int lines) throws IOException {
    AtomicLong seen = new AtomicLong();
    try (var decisions = reader.tail(reader.topics().decisions(), Decision.class)) {
      decisions.readTo(r -> seen.incrementAndGet());
      long before = seen.get();
      relays.writeTo(lines);
      relays.flush();
      await()
          .atMost(LIMIT)
          .pollInterval(Duration.ofMillis(50))
          .until(
              () -> {
                decisions.readTo(r -> seen.incrementAndGet());
                return seen.get() > before;
              });
    }
  }

  /** Writes on for a random moment, with lines half written at its end. */
  private void writeAWhile(int most) throws IOException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(random.nextInt(3000));
    while (System.nanoTime() < end) {
      relays.writeTo(Math.min(most, relays.written() + 100));
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  /** Until every failure written is in {@code attempts}, and the processor is through. */
  private void awaitAll(TopicReader reader) {
    Map<String, Set<Integer>> seen = new HashMap<>();
    try (var attempts = reader.tail(reader.topics().attempts(), Attempt.class)) {
      await("every failure of " + relays.failures().size() + " in " + CrashJails.READING)
          .atMost(LIMIT)
          .pollInterval(Duration.ofMillis(200))
          .until(
              () -> {
                attempts.readTo(
                    r ->
                        seen.computeIfAbsent(r.value().getJail(), j -> new HashSet<>())
                            .add(ModelComparison.id(r.value())));
                return CrashJails.READING.stream()
                    .allMatch(
                        jail ->
                            seen.getOrDefault(jail, Set.of()).size() == relays.failures().size());
              });
    }
    await("the processor's end")
        .atMost(LIMIT)
        .pollInterval(Duration.ofMillis(200))
        .until(() -> hosts.reader("process").lag("banstream", reader.topics().attempts()) == 0);
  }
}
