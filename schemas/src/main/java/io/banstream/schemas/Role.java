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

  /** What is wrong now, in one line; empty: nothing. */
  Optional<String> check();

  /** Stops in order, keeping what must be kept. Safe to call twice. */
  @Override
  void close();
}
