package io.banstream.standalone;

import io.banstream.jails.TimeSpan;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.function.Predicate;
import picocli.CommandLine.Option;

/** Of when the failures are that count. */
final class PeriodOptions {
  @Option(
      names = "--from",
      paramLabel = "TIME",
      description =
          "Only failures from then on: a day (2026-11-01), a time (2026-11-01T03:00), seconds"
              + " since 1970, or how long before now (7d, 12h).")
  private String from;

  @Option(names = "--until", paramLabel = "TIME", description = "Only failures before then.")
  private String until;

  /**
   * @throws IllegalArgumentException names the option that can't be read
   */
  Predicate<Instant> period(TimeOptions time) {
    Instant now = time.now();
    Instant first = from == null ? Instant.MIN : parse("--from", from, time.zone(), now);
    Instant end = until == null ? Instant.MAX : parse("--until", until, time.zone(), now);
    if (!first.isBefore(end)) {
      throw new IllegalArgumentException(
          "--until = " + until + ", expected a time after --from = " + from);
    }
    return t -> !t.isBefore(first) && t.isBefore(end);
  }

  private static Instant parse(String option, String text, ZoneId zone, Instant now) {
    try {
      if (text.matches("\\d+(\\.\\d+)?")) {
        return new Epoch().convert(text);
      }
      if (text.matches("\\d{4}-\\d\\d-\\d\\d")) {
        return LocalDate.parse(text).atStartOfDay(zone).toInstant();
      }
      if (text.matches("\\d{4}-\\d\\d-\\d\\dT.*(Z|[+-]\\d\\d:\\d\\d)")) {
        return OffsetDateTime.parse(text).toInstant();
      }
      if (text.matches("\\d{4}-\\d\\d-\\d\\dT.*")) {
        return LocalDateTime.parse(text).atZone(zone).toInstant();
      }
      Duration ago = TimeSpan.parse(text);
      if (!ago.isNegative()) {
        return now.minus(ago);
      }
    } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
      throw wrong(option, text, e);
    }
    throw wrong(option, text, null);
  }

  private static IllegalArgumentException wrong(String option, String text, Exception cause) {
    return new IllegalArgumentException(
        option + " = " + text + ", expected 2026-11-01, 2026-11-01T03:00, seconds since 1970 or 7d",
        cause);
  }
}
