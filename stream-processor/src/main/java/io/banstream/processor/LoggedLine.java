package io.banstream.processor;

import io.banstream.schemas.EvidenceFailure;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.LongFunction;

/** What a ban's evidence shows of a failure, beyond its time and host. */
record LoggedLine(Optional<String> user, String line) {
  /** Stands where the line is no more, which only a lost store could cause. */
  private static final LoggedLine GONE = new LoggedLine(Optional.empty(), "");

  LoggedLine {
    Objects.requireNonNull(user);
    Objects.requireNonNull(line);
  }

  /**
   * The failures as evidence tells them.
   *
   * @param lines finds a line by its number; null where there is none
   */
  static List<EvidenceFailure> evidence(List<Failure> failures, LongFunction<LoggedLine> lines) {
    return failures.stream().map(f -> evidence(f, lines)).toList();
  }

  private static EvidenceFailure evidence(Failure failure, LongFunction<LoggedLine> lines) {
    if (failure.origin() instanceof Failure.Line line) {
      LoggedLine logged = Optional.ofNullable(lines.apply(line.number())).orElse(GONE);
      return new EvidenceFailure(
          failure.time(), failure.host(), logged.user.orElse(null), logged.line);
    }
    Failure.Banned banned = (Failure.Banned) failure.origin();
    String ban = banned.jail() + " " + failure.time();
    return new EvidenceFailure(failure.time(), failure.host(), null, ban);
  }

  /** Length of the user plus one (0: none) in two bytes, the user, the line; UTF-8. */
  byte[] encode() {
    byte[] name = user.orElse("").getBytes(StandardCharsets.UTF_8);
    byte[] text = line.getBytes(StandardCharsets.UTF_8);
    int length = user.isPresent() ? Math.min(name.length, 0xFFFE) + 1 : 0;
    int kept = Math.max(0, length - 1);
    return ByteBuffer.allocate(Short.BYTES + kept + text.length)
        .putShort((short) length)
        .put(name, 0, kept)
        .put(text)
        .array();
  }

  static LoggedLine decode(byte[] bytes) {
    int length = ByteBuffer.wrap(bytes).getShort() & 0xFFFF;
    int kept = Math.max(0, length - 1);
    int begin = Short.BYTES + kept;
    return new LoggedLine(
        length == 0
            ? Optional.empty()
            : Optional.of(new String(bytes, Short.BYTES, kept, StandardCharsets.UTF_8)),
        new String(bytes, begin, bytes.length - begin, StandardCharsets.UTF_8));
  }
}
