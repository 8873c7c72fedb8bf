package io.banstream.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.banstream.schemas.Attempt;
import io.banstream.schemas.Evidence;
import io.banstream.schemas.EvidenceFailure;
import io.banstream.schemas.Outcome;
import io.banstream.schemas.Position;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvidenceLinesTest {
  private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");

  private static Attempt attempt(String jail, String host, Instant time) {
    Position position = new Position("incarnation", "/var/log/maillog", 0L, 7L, 0);
    return new Attempt(
        Outcome.FAILURE, jail, "192.0.2.1", host, time, position, "alice", "line of " + host);
  }

  private static Evidence evidence(EvidenceFailure... failures) {
    return new Evidence(
        "sasl", "192.0.2.1", "*", NOON, NOON.plusSeconds(60), List.of(failures), null, null, null);
  }

  @Test
  void theLineOfItsOwnAttemptIsPutIn() {
    Evidence bare = evidence(new EvidenceFailure(NOON, "relay1", null, "", 12L));
    List<Attempt> attempts =
        List.of(
            attempt("sasl", "relay2", NOON),
            attempt("sshd", "relay1", NOON),
            attempt("sasl", "relay1", NOON.plusMillis(1)),
            attempt("sasl", "relay1", NOON));
    assertThat(EvidenceLines.filled(bare, attempts))
        .isEqualTo(evidence(new EvidenceFailure(NOON, "relay1", "alice", "line of relay1", 12L)));
  }

  @Test
  void soIsThatOfAFailureOfWhichTheSecondWindowKeptTheTime() {
    Evidence bare = evidence(new EvidenceFailure(NOON, "relay1", null, "", null));
    assertThat(EvidenceLines.filled(bare, List.of(attempt("sasl", "relay1", NOON))))
        .isEqualTo(evidence(new EvidenceFailure(NOON, "relay1", "alice", "line of relay1", null)));
  }

  @Test
  void whatHasItsLineOrNoAttemptStaysAsItIs() {
    Evidence told =
        evidence(
            new EvidenceFailure(NOON, "relay1", "bob", "told", null),
            new EvidenceFailure(NOON, "relay2", null, "", 12L));
    assertThat(EvidenceLines.filled(told, List.of(attempt("sasl", "relay1", NOON))))
        .isEqualTo(told);
  }
}
