package io.banstream.ingest;

import io.banstream.jails.Jail;
import io.banstream.jails.LineMatcher;
import io.banstream.jails.MatchSettings;
import io.banstream.jails.Sources;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Compiles the jails' filters: each once, whichever logs it reads, as in fail2ban. Compiled filters
 * are what an agent's memory goes to.
 */
final class Filters implements Function<Jail, LineMatcher> {
  private final ZoneId zone;
  private final Map<String, Compiled> compiled = new HashMap<>();

  private record Compiled(Sources sources, LineMatcher filter) {}

  /**
   * @param zone of stamps that name none, in a jail without a {@code logtimezone}
   */
  Filters(ZoneId zone) {
    this.zone = zone;
  }

  /**
   * @throws IllegalArgumentException if a regular expression or the time zone is wrong
   */
  @Override
  public LineMatcher apply(Jail jail) {
    Compiled known = compiled.get(jail.name());
    if (known == null || !known.sources.equals(jail.sources())) {
      known = new Compiled(jail.sources(), compile(jail.sources()));
      compiled.put(jail.name(), known);
    }
    return known.filter;
  }

  private LineMatcher compile(Sources sources) {
    return LineMatcher.compile(sources.filter(), MatchSettings.of(sources, zone));
  }
}
