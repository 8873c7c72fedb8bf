package io.banstream.enforcer;

import io.banstream.schemas.Address;
import java.time.Instant;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * Sets of some jails as one map of {@linkplain io.banstream.enforcer.Entry entries} and their ends;
 * none is copied.
 */
final class Held extends AbstractMap<io.banstream.enforcer.Entry, Instant> {
  private final Map<String, Map<Family, Map<Address, Instant>>> sets = new HashMap<>();

  Held(Kernel kernel, Collection<String> jails) {
    for (String jail : jails) {
      sets.put(
          jail,
          Map.of(
              Family.V4, kernel.entries(jail, Family.V4),
              Family.V6, kernel.entries(jail, Family.V6)));
    }
  }

  @Override
  public Instant get(Object key) {
    if (key instanceof io.banstream.enforcer.Entry entry && sets.containsKey(entry.jail())) {
      return sets.get(entry.jail()).get(Family.of(entry.address())).get(entry.address());
    }
    return null;
  }

  @Override
  public boolean containsKey(Object key) {
    return get(key) != null;
  }

  /** The iterator of a stream of streams would gather a whole jail's first. */
  @Override
  public void forEach(BiConsumer<? super io.banstream.enforcer.Entry, ? super Instant> action) {
    sets.forEach(
        (jail, families) ->
            families
                .values()
                .forEach(
                    set ->
                        set.forEach(
                            (address, until) ->
                                action.accept(
                                    new io.banstream.enforcer.Entry(jail, address), until))));
  }

  @Override
  public Set<Map.Entry<io.banstream.enforcer.Entry, Instant>> entrySet() {
    return new AbstractSet<>() {
      @Override
      public Iterator<Map.Entry<io.banstream.enforcer.Entry, Instant>> iterator() {
        return sets.entrySet().stream()
            .flatMap(jail -> of(jail.getKey(), jail.getValue()))
            .iterator();
      }

      @Override
      public int size() {
        return sets.values().stream()
            .flatMap(families -> families.values().stream())
            .mapToInt(Map::size)
            .sum();
      }
    };
  }

  private static Stream<Map.Entry<io.banstream.enforcer.Entry, Instant>> of(
      String jail, Map<Family, Map<Address, Instant>> families) {
    return families.values().stream()
        .flatMap(set -> set.entrySet().stream())
        .map(e -> Map.entry(new io.banstream.enforcer.Entry(jail, e.getKey()), e.getValue()));
  }
}
