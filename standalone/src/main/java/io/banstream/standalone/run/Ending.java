package io.banstream.standalone.run;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Turns SIGTERM and SIGINT into an orderly end: the process goes once the work is put away. */
public final class Ending implements AutoCloseable {
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final CompletableFuture<Void> stop = new CompletableFuture<>();
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private final Thread hook = new Thread(this::signalled, "ending");

  public Ending() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void signalled() {
    stop.complete(null);
    try {
      done.get(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      Runtime.getRuntime().halt(1);
    }
  }

  /** Done when it is time to end. */
  public CompletableFuture<Void> stop() {
    return stop;
  }

  /** The work is put away: the process may go. */
  @Override
  public void close() {
    done.complete(null);
    if (!stop.isDone()) {
      Runtime.getRuntime().removeShutdownHook(hook);
    }
  }
}
