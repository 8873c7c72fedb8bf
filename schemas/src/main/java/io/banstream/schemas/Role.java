package io.banstream.schemas;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A running part of the system: an agent, the processor, the console. */
public interface Role extends AutoCloseable {
  /**
   * Done once the role does its job: sources stand at their position, the kernel has its rules, ...
   * Fails with the cause where it can't ever; a broker that is away only delays it.
   */
  CompletableFuture<Void> ready();

  /**
   * Fails with the cause once the role can't go on and only a new start helps: the process then
   * ends with it. Not done as long as it runs.
   */
  default CompletableFuture<Void> ended() {
    return new CompletableFuture<>();
  }

  /** What is wrong now, in one line; empty: nothing. */
  Optional<String> check();

  /** Stops in order, keeping what must be kept. Safe to call twice. */
  @Override
  void close();
}
