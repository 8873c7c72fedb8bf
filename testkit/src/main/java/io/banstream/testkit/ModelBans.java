package io.banstream.testkit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All bans that were ever decided: what rule 3 calls the last one, and rule 7 history. */
final class ModelBans {
  static final String FLEET = "*";

  /** Whose failures are counted together, and whom a ban reaches. */
  record Key(String jail, String address, String reach) {
    Key at(String otherReach) {
      return new Key(jail, address, otherReach);
    }

    boolean ofFleet() {
      return reach.equals(FLEET);
    }
  }

  static final class Ban {
    final Key key;
    final Instant from;
    final int nth;

    /** Rule 11: the host on whose word alone it was made, if on one's. */
    final Optional<String> word;

    final boolean limited;

    /** Of a network, for the addresses that are banned in it. */
    final boolean network;

    Optional<Instant> until;
    boolean lifted;
    boolean forgotten;

    private Ban(
        Key key,
        Instant from,
        Optional<Instant> until,
        int nth,
        Optional<String> word,
        boolean limited,
        boolean network) {
      this.key = key;
      this.from = from;
      this.until = until;
      this.nth = nth;
      this.word = word;
      this.limited = limited;
      this.network = network;
    }

    boolean lastsAfter(Instant time) {
      return until.isEmpty() || until.get().isAfter(time);
    }

    /** The host that it speaks for alone, as a failure of recidive. */
    Optional<String> speaksFor() {
      return key.ofFleet() ? word : Optional.of(key.reach());
    }

    private boolean remembered(Instant from, Duration dbpurgeage) {
      return !forgotten && (until.isEmpty() || !from.isAfter(until.get().plus(dbpurgeage)));
    }
  }

  private final Map<String, List<Ban>> byAddress = new TreeMap<>(); // oldest first

  Ban add(
      Key key,
      Instant from,
      Optional<Instant> until,
      Duration dbpurgeage,
      Optional<String> word,
      boolean limited) {
    return add(key, from, until, dbpurgeage, word, limited, false);
  }

  Ban addNetwork(Key key, Instant from, Optional<Instant> until, Duration dbpurgeage) {
    return add(key, from, until, dbpurgeage, Optional.empty(), false, true);
  }

  private Ban add(
      Key key,
      Instant from,
      Optional<Instant> until,
      Duration dbpurgeage,
      Optional<String> word,
      boolean limited,
      boolean network) {
    int nth = 1;
    for (Ban earlier : of(key.address())) {
      nth += earlier.key.equals(key) && earlier.remembered(from, dbpurgeage) ? 1 : 0;
    }
    Ban ban = new Ban(key, from, until, nth, word, limited, network);
    byAddress.computeIfAbsent(key.address(), a -> new ArrayList<>()).add(ban);
    return ban;
  }

  List<String> addresses() {
    return List.copyOf(byAddress.keySet());
  }

  List<Ban> of(String address) {
    return byAddress.getOrDefault(address, List.of());
  }

  Optional<Ban> last(Key key) {
    return of(key.address()).stream().filter(b -> b.key.equals(key)).reduce((a, b) -> b);
  }

  boolean during(Key key, Instant time) {
    return last(key).map(ban -> ban.lastsAfter(time)).orElse(false);
  }

  /** Rule 11: the limited bans of that jail and address, the last of their host, that hold then. */
  List<Ban> limitedDuring(Key key, Instant time) {
    return of(key.address()).stream()
        .filter(ban -> ban.limited && ban.key.jail().equals(key.jail()))
        .filter(ban -> last(ban.key).get() == ban && ban.lastsAfter(time))
        .toList();
  }

  /** Whether any ban of the address that begins later was limited, lifted or over as it may be. */
  boolean limitedAfter(String address, Instant time) {
    return of(address).stream().anyMatch(ban -> ban.limited && ban.from.isAfter(time));
  }

  /** How many bans the next one of the key comes after, as its length sees it. */
  int earlier(ModelPolicy policy, Key key, Instant from) {
    int n = 0;
    for (Ban ban : of(key.address())) {
      boolean counts = ban.key.equals(key) || policy.increment().overalljails();
      n += counts && ban.remembered(from, policy.dbpurgeage()) ? 1 : 0;
    }
    return n;
  }
}
