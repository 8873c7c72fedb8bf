package io.banstream.e2e;

/** How rsyslog stamps its lines; a relay of the tests writes each line in both. */
enum LogFormat {
  /** {@code Nov 25 05:00:59 relay1 ...}: no year, no fraction, no zone. */
  TRADITIONAL(""),
  /** {@code 2026-11-25T05:00:59.123456+00:00 relay1 ...}: RFC 3339. */
  RFC3339("-rfc3339");

  private final String suffix;

  LogFormat(String suffix) {
    this.suffix = suffix;
  }

  /** The name of the file that has what the facility {@code mail} or {@code auth} is sent. */
  String file(String facility) {
    return facility + suffix + ".log";
  }
}
