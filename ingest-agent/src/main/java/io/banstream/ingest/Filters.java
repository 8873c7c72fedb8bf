package io.banstream.ingest;

import io.banstream.jails.FilterDefinition;
import io.banstream.jails.Jail;
import io.banstream.jails.LineMatcher;
import io.banstream.jails.MatchSettings;
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

  private record Compiled(Jail jail, LineMatcher filter) {}

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
    if (known == null || !isSame(known.jail, jail)) {
      known = new Compiled(jail, compile(jail));
      compiled.put(jail.name(), known);
    }
    return known.filter;
  }

  /** Whether one filter finds what both want. */
  static boolean isSame(Jail a, Jail b) {
    return a.sources().equals(b.sources())
        && a.policy().trust().matters() == b.policy().trust().matters();
  }

  private LineMatcher compile(Jail jail) {
    FilterDefinition filter = jail.sources().filter();
    MatchSettings settings = MatchSettings.of(jail.sources(), zone);
    return jail.policy().trust().matters()
        ? LineMatcher.compileWithSuccesses(filter, settings)
        : LineMatcher.compile(filter, settings);
  }
}
