package io.banstream.standalone;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import picocli.CommandLine.Option;

/** What the stamps of a log are held against. */
final class TimeOptions {
  @Option(
      names = "--now",
      paramLabel = "EPOCH",
      converter = Epoch.class,
      description = "Read dates without a year as if it were now then (default: the clock).")
  private Instant now;

  @Option(
      names = "--timezone",
      paramLabel = "ZONE",
      converter = Zone.class,
      description =
          "Of stamps that name none: Europe/Zurich, +02:00, CET-1CEST (default: the host's).")
  private ZoneId zone;

  Instant now() {
    return now != null ? now : Clock.systemUTC().instant();
  }

  ZoneId zone() {
    return zone != null ? zone : ZoneId.systemDefault();
  }
}
