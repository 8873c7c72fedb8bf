package io.banstream.standalone.run;

import io.banstream.schemas.Reason;
import io.banstream.schemas.Role;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Stands by while roles run: tells when all are ready, what is wrong, and waits for the end. */
public final class Watch {
  /** What lasts shorter is not worth a line. */
  private static final Duration BETWEEN_CHECKS = Duration.ofSeconds(5);

  private final Map<String, Role> roles;
  private final CompletableFuture<Void> stop;
  private final Consumer<String> notices;
  private final CompletableFuture<Void> fault = new CompletableFuture<>();
  private final Map<String, String> told = new HashMap<>();

  /**
   * @param roles by name
   * @param stop done when it is time to end
   * @param notices gets a line each time that a role's trouble changes
   */
  public Watch(Map<String, Role> roles, CompletableFuture<Void> stop, Consumer<String> notices) {
    this.roles = Map.copyOf(roles);
    this.stop = stop;
    this.notices = notices;
  }

  /**
   * Waits until every role is ready, runs {@code ready}, then waits for the end.
   *
   * @param limit how long to run after that; empty: until told to stop
   * @throws ExecutionException if a role can't go on; its cause is the role's
   */
  public void run(Runnable ready, Optional<Duration> limit)
      throws InterruptedException, ExecutionException {
    roles.forEach(this::watchEnd);
    CompletableFuture<?>[] all =
        roles.values().stream().map(this::watched).toArray(CompletableFuture[]::new);
    await(CompletableFuture.anyOf(CompletableFuture.allOf(all), stop, fault));
    if (stop.isDone()) {
      return;
    }
    ready.run();
    CompletableFuture<Void> over = new CompletableFuture<>();
    limit.ifPresent(l -> over.completeOnTimeout(null, l.toMillis(), TimeUnit.MILLISECONDS));
    await(CompletableFuture.anyOf(over, stop, fault));
  }

  /** A role that can't go on takes the process with it: whoever started it starts it anew. */
  private void watchEnd(String name, Role role) {
    role.ended()
        .whenComplete(
            (never, cause) -> {
              if (cause != null) {
                String why = name + " can't go on: " + Reason.of(cause);
                fault.completeExceptionally(new IllegalStateException(why, cause));
              }
            });
  }

  private CompletableFuture<Void> watched(Role role) {
    role.ready()
        .whenComplete(
            (done, cause) -> {
              if (cause != null) {
                fault.completeExceptionally(cause);
              }
            });
    return role.ready();
  }

  private void await(CompletableFuture<?> future) throws InterruptedException, ExecutionException {
    while (true) {
      try {
        future.get(BETWEEN_CHECKS.toMillis(), TimeUnit.MILLISECONDS);
        return;
      } catch (TimeoutException e) {
        roles.forEach(this::tell);
      }
    }
  }

  private void tell(String name, Role role) {
    Optional<String> trouble = role.check();
    String before = trouble.isPresent() ? told.put(name, trouble.get()) : told.remove(name);
    if (!trouble.equals(Optional.ofNullable(before))) {
      notices.accept(name + ": " + trouble.orElse("well again"));
    }
  }
}
