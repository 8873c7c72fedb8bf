package io.banstream.enforcer;

import static org.assertj.core.api.Assertions.assertThat;

import io.banstream.schemas.KafkaConnection;
import io.banstream.schemas.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EnforcerEndTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path data;

  @Test
  void anEnforcerThatCannotGoOnSaysSo() {
    EnforcerSettings settings =
        new EnforcerSettings(
            new KafkaConnection(
                Map.of("bootstrap.servers", "127.0.0.1:1"), new Topics(""), Optional.empty()),
            "relay1",
            "default",
            data,
            FirewallKind.DRY_RUN,
            InstantSource.system(),
            List.of(),
            false,
            Optional.empty(),
            command -> {
              throw new IllegalStateException("nobody takes the commands");
            });
    try (EnforcerAgent agent = EnforcerAgent.start(settings)) {
      assertThat(agent.ended())
          .failsWithin(LONG)
          .withThrowableThat()
          .withMessageContaining("nobody takes the commands");
      assertThat(agent.ready()).isCompletedExceptionally();
    }
  }
}
