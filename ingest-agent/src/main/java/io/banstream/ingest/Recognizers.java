package io.banstream.ingest;

import io.banstream.jails.Jail;
import io.banstream.jails.LineMatcher;
import io.banstream.jails.MatchSettings;
import io.banstream.jails.Sources;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.function.Function;

/** Compiles the jails' filters. */
final class Recognizers implements Function<Jail, Recognizer> {
  private final ZoneId zone;

  /**
   * @param zone of stamps that name none, in a jail without a {@code logtimezone}
   */
  Recognizers(ZoneId zone) {
    this.zone = zone;
  }

  /**
   * @throws IllegalArgumentException if a regular expression or the time zone is wrong
   */
  @Override
  public Recognizer apply(Jail jail) {
    Sources sources = jail.sources();
    LineMatcher matcher =
        LineMatcher.compile(
            sources.filter(), new MatchSettings(zone(sources), sources.logencoding()));
    return sources.journal() ? matcher::matchUndated : matcher::match;
  }

  private ZoneId zone(Sources sources) {
    try {
      return sources.logtimezone().map(ZoneId::of).orElse(zone);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "logtimezone = " + sources.logtimezone().get() + ", expected a zone or UTC+hhmm", e);
    }
  }
}
