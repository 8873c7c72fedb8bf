package io.banstream.jails;

import java.time.ZoneId;
import java.util.Objects;

/**
 * What a matcher has to know of the log, beside the filter.
 *
 * @param zone of stamps that name none
 * @param logencoding character set of the log, or {@code auto}: UTF-8
 */
public record MatchSettings(ZoneId zone, String logencoding) {
  public MatchSettings {
    Objects.requireNonNull(zone);
    Objects.requireNonNull(logencoding);
  }
}
