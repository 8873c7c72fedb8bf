package io.banstream.console;

import io.banstream.schemas.Role;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The console: a live picture of the fleet over HTTP, and an operator's word. */
public final class Console implements Role {
  private final URI address;

  private Console(URI address) {
    this.address = address;
  }

  /** Begins to listen and to read; {@link #ready()} tells when the picture is whole. */
  public static Console start(ConsoleSettings settings) {
    Bind bind = Bind.parse(settings.bind());
    return new Console(URI.create("http://" + bind.urlHost() + ":" + bind.port()));
  }

  /** Where the page is. */
  public URI address() {
    return address;
  }

  @Override
  public CompletableFuture<Void> ready() {
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public Optional<String> check() {
    return Optional.empty();
  }

  @Override
  public void close() {}
}
