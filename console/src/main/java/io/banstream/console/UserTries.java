package io.banstream.console;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Which user names were tried without success from which addresses within the last hour: the {@link
 * #KEPT} pairs seen last, some 200 bytes each. For several threads.
 */
final class UserTries {
  static final Duration WINDOW = Duration.ofHours(1);
  static final int KEPT = 50_000;

  /** Characters of a name that are looked at: a longer one is no account. */
  private static final int LONGEST = 64;

  /** Names or addresses that are given as examples. */
  private static final int EXAMPLES = 5;

  /** Each with the time at which it was seen last, in that order. */
  private final Map<Pair, Instant> pairs = new LinkedHashMap<>(16, 0.75f, true);

  private final Map<String, Integer> namesOf = new HashMap<>();
  private final Map<String, Integer> addressesOf = new HashMap<>();

  /** Something seen then is no longer known, or was not looked at. */
  private Instant gap = Instant.MIN;

  private record Pair(String address, String name) {}

  /**
   * What a new pair came to.
   *
   * @param names that the address has tried
   * @param addresses that have tried the name
   */
  record Counts(int names, int addresses) {}

  /**
   * One that tried, or was tried by, many.
   *
   * @param subject an address, or a name safe for a terminal
   * @param examples some of the others, the newest first
   */
  record Tried(String subject, int count, List<String> examples) {}

  /**
   * @return empty where the pair is known already
   */
  synchronized Optional<Counts> saw(String address, String user, Instant time) {
    forget(time);
    String name = Plain.text(user.length() > LONGEST ? user.substring(0, LONGEST) : user);
    if (pairs.put(new Pair(address, name), time) != null) {
      return Optional.empty();
    }
    Counts counts =
        new Counts(
            namesOf.merge(address, 1, Integer::sum), addressesOf.merge(name, 1, Integer::sum));
    if (pairs.size() > KEPT) {
      Map.Entry<Pair, Instant> eldest = pairs.entrySet().iterator().next();
      missed(eldest.getValue());
      remove(eldest.getKey());
    }
    return Optional.of(counts);
  }

  /** What failed until then may be missing here. */
  synchronized void missed(Instant until) {
    gap = gap.isBefore(until) ? until : gap;
  }

  /** Whether nothing of the last hour is missing. */
  synchronized boolean isWhole(Instant now) {
    return !gap.isAfter(now.minus(WINDOW));
  }

  /** Addresses that tried so many names or more, those with the most first. */
  synchronized List<Tried> addresses(int least, int most, Instant now) {
    forget(now);
    return top(namesOf, least, most, Pair::address, Pair::name);
  }

  /** Names that so many addresses or more tried, those with the most first. */
  synchronized List<Tried> names(int least, int most, Instant now) {
    forget(now);
    return top(addressesOf, least, most, Pair::name, Pair::address);
  }

  private List<Tried> top(
      Map<String, Integer> counts,
      int least,
      int most,
      Function<Pair, String> subject,
      Function<Pair, String> other) {
    Map<String, List<String>> others = new LinkedHashMap<>();
    counts.entrySet().stream()
        .filter(e -> e.getValue() >= least)
        .sorted(
            Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(most)
        .forEach(e -> others.put(e.getKey(), new ArrayList<>()));
    if (others.isEmpty()) {
      return List.of();
    }
    for (Pair pair : pairs.keySet()) {
      List<String> found = others.get(subject.apply(pair));
      if (found != null) {
        found.add(0, other.apply(pair));
        if (found.size() > EXAMPLES) {
          found.remove(EXAMPLES);
        }
      }
    }
    return others.entrySet().stream()
        .map(e -> new Tried(e.getKey(), counts.get(e.getKey()), List.copyOf(e.getValue())))
        .toList();
  }

  private void forget(Instant now) {
    Instant tooOld = now.minus(WINDOW);
    Iterator<Map.Entry<Pair, Instant>> eldest = pairs.entrySet().iterator();
    while (eldest.hasNext()) {
      Map.Entry<Pair, Instant> entry = eldest.next();
      if (entry.getValue().isAfter(tooOld)) {
        return;
      }
      eldest.remove();
      uncount(entry.getKey());
    }
  }

  private void remove(Pair pair) {
    pairs.remove(pair);
    uncount(pair);
  }

  private void uncount(Pair pair) {
    namesOf.computeIfPresent(pair.address, (a, n) -> n == 1 ? null : n - 1);
    addressesOf.computeIfPresent(pair.name, (u, n) -> n == 1 ? null : n - 1);
  }
}
