package io.banstream.console;

import io.banstream.schemas.Attempt;
import io.banstream.schemas.Evidence;
import io.banstream.schemas.EvidenceFailure;
import java.util.List;

/**
 * Puts lines into evidence that came without: the processor keeps the newest only, and names the
 * attempt of an older one, which the topic still has.
 */
final class EvidenceLines {
  private EvidenceLines() {}

  /**
   * @param attempts of its address, as far as they were found
   * @return a copy, each failure with its user and line where an attempt has them
   */
  static Evidence filled(Evidence evidence, List<Attempt> attempts) {
    List<EvidenceFailure> failures =
        evidence.getFailures().stream().map(f -> filled(evidence.getJail(), f, attempts)).toList();
    return new Evidence(
        evidence.getJail(),
        evidence.getAddress(),
        evidence.getReach(),
        evidence.getFrom(),
        evidence.getUntil(),
        failures,
        evidence.getWho(),
        evidence.getWhy(),
        evidence.getLongtimeMs());
  }

  private static EvidenceFailure filled(
      String jail, EvidenceFailure failure, List<Attempt> attempts) {
    if (!failure.getLine().isEmpty()) {
      return failure;
    }
    return attempts.stream()
        .filter(a -> a.getJail().equals(jail) && a.getHost().equals(failure.getHost()))
        .filter(a -> a.getTime().equals(failure.getTime()))
        .findFirst()
        .map(
            a ->
                new EvidenceFailure(
                    failure.getTime(),
                    failure.getHost(),
                    a.getUser(),
                    a.getLine(),
                    failure.getAttempt()))
        .orElse(failure);
  }
}
