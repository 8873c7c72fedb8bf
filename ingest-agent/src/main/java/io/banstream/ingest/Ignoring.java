package io.banstream.ingest;

import io.banstream.jails.FailureTags;
import io.banstream.jails.IgnoreCommand;
import io.banstream.jails.Jail;
import io.banstream.jails.ShellCommand;
import io.banstream.schemas.Address;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.function.Predicate;

/**
 * What an agent ignores by itself: its host's own addresses, and what a jail's ignorecommand says,
 * which is asked beside the reading. Where the host does not allow it, or the command can't tell,
 * the failure counts. For several threads.
 */
final class Ignoring implements AutoCloseable {
  /** A log's reading waits for the answer, at most so long. */
  private static final ShellCommand SHELL = new ShellCommand(List.of(), Duration.ofSeconds(10));

  private final boolean allowed;
  private final Predicate<Address> own;
  private final InstantSource clock;
  private final Told told;
  private final Runnable answered;
  private final ExecutorService threads = Threads.named("ingest-ignorecommand");
  private final Map<String, IgnoreCache> caches = new ConcurrentHashMap<>();

  /**
   * @param allowed whether this host runs the commands that come with its jails
   * @param own whether an address is this host's
   * @param answered called, in whichever thread, when a command has ended
   */
  Ignoring(
      boolean allowed, Predicate<Address> own, InstantSource clock, Told told, Runnable answered) {
    this.allowed = allowed;
    this.own = own;
    this.clock = clock;
    this.told = told;
    this.answered = answered;
  }

  /**
   * Those addresses of a failure that are not ignored, in their order; done when that is known.
   * What ignoreip has is not asked for: the processor ignores it, and counts that.
   *
   * @param user the account tried, as logged
   */
  CompletableFuture<List<Address>> keep(Jail jail, List<Address> addresses, Optional<String> user) {
    List<Address> others = others(jail, addresses);
    if (jail.sources().ignorecommand().isEmpty() || !isAllowed(jail)) {
      return CompletableFuture.completedFuture(others);
    }
    List<CompletableFuture<Boolean>> ignored =
        others.stream().map(address -> ask(jail, address, user)).toList();
    return CompletableFuture.allOf(ignored.toArray(CompletableFuture[]::new))
        .thenApply(
            done -> {
              Iterator<CompletableFuture<Boolean>> each = ignored.iterator();
              return others.stream().filter(a -> !each.next().join()).toList();
            });
  }

  /**
   * Those addresses of a login that succeeded which somebody may be banned by: of the others it
   * does not matter. No command is asked.
   */
  List<Address> strangers(Jail jail, List<Address> addresses) {
    return others(jail, addresses).stream()
        .filter(a -> jail.policy().ignoreip().stream().noneMatch(n -> n.contains(a)))
        .toList();
  }

  private List<Address> others(Jail jail, List<Address> addresses) {
    return jail.sources().ignoreself()
        ? addresses.stream().filter(own.negate()).toList()
        : addresses;
  }

  private boolean isAllowed(Jail jail) {
    if (!allowed) {
      tell(jail, "not run without --allow-ignorecommand; what it would ignore is counted");
    }
    return allowed;
  }

  private CompletableFuture<Boolean> ask(Jail jail, Address address, Optional<String> user) {
    if (jail.policy().ignoreip().stream().anyMatch(network -> network.contains(address))) {
      return CompletableFuture.completedFuture(false);
    }
    CompletableFuture<Boolean> answer =
        CompletableFuture.supplyAsync(() -> isIgnored(jail, address, user), threads);
    answer.whenComplete((ignored, failure) -> answered.run());
    return answer;
  }

  private boolean isIgnored(Jail jail, Address address, Optional<String> user) {
    IgnoreCommand command = jail.sources().ignorecommand().orElseThrow();
    FailureTags tags = new FailureTags(address, user);
    if (command.cache().isEmpty()) {
      return run(jail, command.command(), tags);
    }
    IgnoreCommand.Cache kept = command.cache().get();
    IgnoreCache cache =
        caches.compute(
            jail.name(),
            (name, known) ->
                known != null && known.isOf(command) ? known : new IgnoreCache(command, kept));
    String key = IgnoreCommand.fill(kept.key(), tags::value);
    return cache.get(key, clock.instant(), () -> run(jail, command.command(), tags));
  }

  private boolean run(Jail jail, String command, FailureTags tags) {
    try {
      int exit = SHELL.run(IgnoreCommand.fill(command, tags::word));
      if (exit != 0 && exit != 1) {
        tell(jail, "ended with " + exit + ", expected 0 or 1; the failure is counted");
      }
      return exit == 0;
    } catch (IllegalArgumentException e) {
      tell(jail, "not run for a failure whose " + e.getMessage() + "; it is counted");
    } catch (IOException e) {
      tell(jail, "can't be run: " + e.getMessage() + "; the failure is counted");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("closed", e);
    }
    return false;
  }

  private void tell(Jail jail, String what) {
    told.is("jail " + jail.name() + ": ignorecommand", what);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
