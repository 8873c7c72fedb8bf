package io.banstream.bench;

import io.banstream.schemas.Totals;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToLongFunction;

/**
 * The records of 1,000 hosts: 5 failures a second each, in the fifth sixth of the time 10 times as
 * many; one of a hundred is delivered twice. The processor is killed within the peak and started
 * again. At the end every failure must be counted, and none twice.
 */
final class FleetFigures {
  private static final int HOSTS = 1_000;
  private static final int EACH = 5;
  private static final int PEAK = 50;
  private static final int ADDRESSES = 500_000;
  private static final int SECONDS = 60 * Integer.getInteger("banstream.minutes", 60);
  private static final int PRINT_EVERY = Math.max(1, SECONDS / 24);

  private FleetFigures() {}

  /** What was sent. */
  private static final class Sent {
    private long once;
    private long again;
  }

  static void print(Path folder) throws IOException, ExecutionException, InterruptedException {
    System.out.printf(
        "fleet: %,d hosts, %d s, %d failures a second each, %d within the peak%n",
        HOSTS, SECONDS, EACH, PEAK);
    try (FullTopics topics = new FullTopics();
        AttemptLoad load = new AttemptLoad(topics.kafka(), HOSTS)) {
      load.sendPolicies(FullTopics.PARTITIONS);
      Sent sent = new Sent();
      Command process = topics.process(folder, "disk");
      try {
        process.await("Ready");
        long begin = System.nanoTime();
        for (int second = 0; second < SECONDS; second++) {
          send(load, sent, second);
          long wait = begin + (second + 1) * 1_000_000_000L - System.nanoTime();
          LockSupport.parkNanos(Math.max(0, wait));
          if (second == SECONDS * 9 / 12) {
            process.kill();
            process = topics.process(folder, "disk");
          }
          if (second % PRINT_EVERY == 0) {
            print(topics, begin, second, sent);
          }
        }
        while (topics.lag() > 0) {
          Thread.sleep(100);
        }
        print(topics, begin, SECONDS, sent);
        Thread.sleep(StreamFigures.TOLD_MS);
        verify(topics, sent);
      } finally {
        process.close();
      }
    }
  }

  private static boolean isPeak(int second) {
    return second >= SECONDS * 4 / 6 && second < SECONDS * 5 / 6;
  }

  private static void send(AttemptLoad load, Sent sent, int second) {
    SplittableRandom random = new SplittableRandom(second);
    int each = isPeak(second) ? PEAK : EACH;
    Instant now = Instant.now();
    for (int i = 0; i < each; i++) {
      for (int host = 0; host < HOSTS; host++) {
        boolean twice = random.nextInt(100) == 0;
        load.send(random.nextInt(ADDRESSES), host, now, twice ? 2 : 1);
        sent.once++;
        sent.again += twice ? 1 : 0;
      }
    }
    load.hand();
  }

  private static void print(FullTopics topics, long begin, int second, Sent sent)
      throws ExecutionException, InterruptedException {
    System.out.printf(
        "  after %,5d s (of the clock %,7.0f)%s %,12d sent, lag %,9d%n",
        second,
        (System.nanoTime() - begin) / 1e9,
        isPeak(second) ? " peak" : "     ",
        sent.once + sent.again,
        topics.lag());
  }

  private static void verify(FullTopics topics, Sent sent) {
    List<Totals> fleet = topics.fleetTotals();
    long counted = sum(fleet, t -> t.getFailed() + t.getLate());
    long repeated = sum(fleet, Totals::getRepeated);
    System.out.printf(
        "  sent %,d and %,d twice; counted %,d, repeated %,d; lost %,d, doubled %,d; %,d bans%n",
        sent.once,
        sent.again,
        counted,
        repeated,
        Math.max(0, sent.once - counted),
        Math.max(0, counted - sent.once),
        sum(fleet, Totals::getBanned));
    if (counted != sent.once || repeated != sent.again) {
      throw new IllegalStateException("not every failure was counted once");
    }
  }

  private static long sum(List<Totals> totals, ToLongFunction<Totals> what) {
    return totals.stream().mapToLong(what).sum();
  }
}
