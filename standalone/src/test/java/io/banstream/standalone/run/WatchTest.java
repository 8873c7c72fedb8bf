package io.banstream.standalone.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.banstream.schemas.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Test;

class WatchTest {
  private final Part one = new Part();
  private final Part other = new Part();
  private final CompletableFuture<Void> stop = new CompletableFuture<>();
  private final List<String> told = new ArrayList<>();

  /** A role that does as it is told. */
  private static final class Part implements Role {
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    @Override
    public CompletableFuture<Void> ready() {
      return ready;
    }

    @Override
    public CompletableFuture<Void> ended() {
      return ended;
    }

    @Override
    public Optional<String> check() {
      return Optional.empty();
    }

    @Override
    public void close() {}
  }

  private void run(Runnable ready) throws Exception {
    new Watch(Map.of("enforcer of relay1", one, "console", other), stop, told::add)
        .run(ready, Optional.empty());
  }

  @Test
  void aRoleThatDiesEndsTheOthersAndIsNamed() {
    one.ready.complete(null);
    other.ready.complete(null);
    assertThatThrownBy(
            () -> run(() -> one.ended.completeExceptionally(new IllegalStateException("why"))))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("enforcer of relay1 can't go on: why");
  }

  @Test
  void aRoleThatDiedBeforeItWasReadyIsNamedToo() {
    one.ended.completeExceptionally(new IllegalStateException("why"));
    one.ready.completeExceptionally(new IllegalStateException("why"));
    assertThatThrownBy(() -> run(() -> told.add("ready")))
        .hasRootCauseMessage("why")
        .cause()
        .hasMessage("enforcer of relay1 can't go on: why");
    assertThat(told).isEmpty();
  }

  @Test
  void whatIsTheUsersToPutRightAtStartStaysSo() {
    one.ready.completeExceptionally(new IllegalArgumentException("data = x"));
    assertThatThrownBy(() -> run(() -> {}))
        .cause()
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("data = x");
  }

  @Test
  void allReadyItWaitsForTheEnd() throws Exception {
    one.ready.complete(null);
    other.ready.complete(null);
    run(
        () -> {
          told.add("ready");
          stop.complete(null);
        });
    assertThat(told).containsExactly("ready");
  }
}
