package io.banstream.processor;

import io.banstream.schemas.EvidenceFailure;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongFunction;

/** What a ban's evidence shows of a failure, beyond its time and host. */
record LoggedLine(Optional<String> user, String line) {
  LoggedLine {
    Objects.requireNonNull(user);
    Objects.requireNonNull(line);
  }

  /**
   * The failures as evidence tells them; one whose line is not at hand by its attempt's offset.
   *
   * @param lines finds a line by its number
   */
  static List<EvidenceFailure> evidence(
      List<Failure> failures, LongFunction<Optional<LoggedLine>> lines) {
    return failures.stream().map(f -> evidence(f, lines)).toList();
  }

  private static EvidenceFailure evidence(
      Failure failure, LongFunction<Optional<LoggedLine>> lines) {
    if (failure.origin() instanceof Failure.Line line) {
      Optional<LoggedLine> logged = lines.apply(line.number());
      return new EvidenceFailure(
          failure.time(),
          failure.host(),
          logged.flatMap(LoggedLine::user).orElse(null),
          logged.map(LoggedLine::line).orElse(""),
          logged.isPresent() ? null : line.number());
    }
    String ban =
        failure.origin() instanceof Failure.Banned banned
            ? banned.jail() + " " + failure.time()
            : "";
    return new EvidenceFailure(failure.time(), failure.host(), null, ban, null);
  }
}
