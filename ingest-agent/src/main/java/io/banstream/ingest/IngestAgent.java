package io.banstream.ingest;

import io.banstream.schemas.Role;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Follows this host's logs as its group's jails say, and sends each failed login to {@code
 * attempts}. The log itself is the buffer: what is read counts as done once the broker has it.
 */
public final class IngestAgent implements Role {
  private final CompletableFuture<Void> ready = new CompletableFuture<>();

  private IngestAgent() {}

  /**
   * Starts it. A broker that is away, or a log that is missing, only delays it.
   *
   * @throws IllegalArgumentException in one line, if the data folder can't serve: it is in use by
   *     another agent, or of another version
   */
  public static IngestAgent start(IngestSettings settings) {
    throw new UnsupportedOperationException("under way for " + settings.host());
  }

  /** Done once each source is read up to where it stood at start, and the broker has it. */
  @Override
  public CompletableFuture<Void> ready() {
    return ready;
  }

  @Override
  public Optional<String> check() {
    return Optional.empty();
  }

  @Override
  public void close() {}
}
