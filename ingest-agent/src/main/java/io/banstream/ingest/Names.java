package io.banstream.ingest;

import io.banstream.schemas.Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;

/**
 * Resolves host names beside the reading, in few threads that end when idle. What a name stood for
 * is kept for a while, also that it stood for nothing. For one thread's use.
 */
final class Names implements AutoCloseable {
  private static final Duration KEPT = Duration.ofMinutes(10);
  private static final int MOST_KEPT = 1_000;

  /** How a name is looked up; may take long. */
  interface Lookup {
    InetAddress[] addresses(String name) throws UnknownHostException;
  }

  private record Asked(CompletableFuture<List<Address>> answer, Instant at) {}

  private final Lookup lookup;
  private final InstantSource clock;
  private final Runnable answered;
  private final ExecutorService threads;
  private final Map<String, Asked> asked =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Asked> eldest) {
          return size() > MOST_KEPT;
        }
      };

  /**
   * @param answered called, in whichever thread, when a name has been resolved
   */
  Names(Lookup lookup, InstantSource clock, Runnable answered) {
    this.lookup = lookup;
    this.clock = clock;
    this.answered = answered;
    this.threads = Threads.named("ingest-names");
  }

  /** The name's addresses in their order, none if it has none; done when they are known. */
  CompletableFuture<List<Address>> resolve(String name) {
    Instant now = clock.instant();
    Optional<Asked> known = Optional.ofNullable(asked.get(name));
    if (known.isPresent() && now.isBefore(known.get().at.plus(KEPT))) {
      return known.get().answer;
    }
    CompletableFuture<List<Address>> answer = new CompletableFuture<>();
    asked.remove(name);
    asked.put(name, new Asked(answer, now));
    threads.execute(
        () -> {
          answer.complete(lookUp(name));
          answered.run();
        });
    return answer;
  }

  private List<Address> lookUp(String name) {
    try {
      return Arrays.stream(lookup.addresses(name)).map(Address::of).sorted().distinct().toList();
    } catch (UnknownHostException e) {
      return List.of();
    }
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
