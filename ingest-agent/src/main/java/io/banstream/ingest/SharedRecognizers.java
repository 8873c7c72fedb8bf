package io.banstream.ingest;

import io.banstream.jails.Jail;
import io.banstream.jails.Sources;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * One recognizer a jail, whichever logs it reads, as in fail2ban: compiled filters are what an
 * agent's memory goes to.
 */
final class SharedRecognizers implements Function<Jail, Recognizer> {
  private final Function<Jail, Recognizer> recognizers;
  private final Map<String, Compiled> compiled = new HashMap<>();

  private record Compiled(Sources sources, Recognizer recognizer) {}

  SharedRecognizers(Function<Jail, Recognizer> recognizers) {
    this.recognizers = recognizers;
  }

  /**
   * @throws IllegalArgumentException if a regular expression of the jail does not compile
   */
  @Override
  public Recognizer apply(Jail jail) {
    Compiled known = compiled.get(jail.name());
    if (known == null || !known.sources.equals(jail.sources())) {
      known = new Compiled(jail.sources(), recognizers.apply(jail));
      compiled.put(jail.name(), known);
    }
    return known.recognizer;
  }
}
