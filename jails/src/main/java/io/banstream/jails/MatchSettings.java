package io.banstream.jails;

import java.nio.charset.Charset;
import java.time.ZoneId;
import java.util.Objects;

/**
 * What a matcher has to know of the log, beside the filter.
 *
 * @param zone of stamps that name none
 * @param logencoding character set of the log, or {@code auto}: UTF-8
 */
public record MatchSettings(ZoneId zone, String logencoding) {
  /**
   * @throws IllegalArgumentException if there is no such character set
   */
  public MatchSettings {
    Objects.requireNonNull(zone);
    LogEncoding.parse(logencoding);
  }

  /**
   * What a jail's sources say.
   *
   * @param host the host's own zone, which holds where {@code logtimezone} says nothing
   */
  public static MatchSettings of(Sources sources, ZoneId host) {
    return new MatchSettings(
        sources.logtimezone().map(LogZone::parse).orElse(host), sources.logencoding());
  }

  public Charset charset() {
    return LogEncoding.parse(logencoding);
  }
}
