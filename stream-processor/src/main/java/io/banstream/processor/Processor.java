package io.banstream.processor;

import io.banstream.schemas.Role;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The running topology: takes {@code attempts} and {@code commands}, gives {@code decisions}. */
public final class Processor implements Role {
  private Processor() {}

  /** Starts at once; a broker that is away only delays {@link #ready}. */
  public static Processor start(ProcessorSettings settings) {
    throw new UnsupportedOperationException(settings.toString());
  }

  @Override
  public CompletableFuture<Void> ready() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Optional<String> check() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
