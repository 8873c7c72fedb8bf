package io.banstream.enforcer;

import io.banstream.schemas.Role;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Keeps this host's firewall equal to the decisions. */
public final class EnforcerAgent implements Role {
  private final CompletableFuture<Void> ready = new CompletableFuture<>();

  private EnforcerAgent() {}

  /**
   * @throws EnforcerException if this host can't be served as asked: no right, tool missing
   */
  public static EnforcerAgent start(EnforcerSettings settings) {
    throw new EnforcerException("firewall = " + settings.firewall().word() + ": not built yet");
  }

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
