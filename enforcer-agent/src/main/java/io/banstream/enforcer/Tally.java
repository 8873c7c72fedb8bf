package io.banstream.enforcer;

import io.banstream.schemas.Skipped;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Counts, a jail, what was applied and refused, and knows of which jails there is news. */
final class Tally {
  private static final int MOST_SKIPPED = 100;

  private final Map<String, Long> applied = new HashMap<>();
  private final Map<String, Long> mended = new HashMap<>();
  private final Map<String, Long> failed = new HashMap<>();
  private final Map<String, String> errors = new HashMap<>();
  private final Set<String> news = new TreeSet<>();

  void add(Outcome outcome) {
    Map<String, Integer> counts = outcome.counts();
    counts.forEach((jail, count) -> applied.merge(jail, (long) count, Long::sum));
    news.addAll(counts.keySet());
    for (Outcome.Refusal refusal : outcome.refusals()) {
      fail(List.of(refusal.jail()), refusal.words());
    }
  }

  /** None of this went through, once for each time a jail is named. */
  void fail(Collection<String> jails, String words) {
    for (String jail : jails) {
      if (!jail.isEmpty()) {
        failed.merge(jail, 1L, Long::sum);
        errors.put(jail, words);
        news.add(jail);
      }
    }
  }

  /** An entry that others had changed is as it should be again. */
  void mended(String jail) {
    mended.merge(jail, 1L, Long::sum);
    news.add(jail);
  }

  void touch(Collection<String> jails) {
    news.addAll(jails);
  }

  /** The news since the last call. */
  List<JailState> news(Desired desired, Map<Integer, Long> reached) {
    Map<String, List<Skipped>> skipped = new HashMap<>();
    desired
        .skipped()
        .forEach(
            (entry, why) -> {
              List<Skipped> list = skipped.computeIfAbsent(entry.jail(), jail -> new ArrayList<>());
              if (list.size() < MOST_SKIPPED) {
                list.add(new Skipped(entry.address().toString(), why));
              }
            });
    List<JailState> states = new ArrayList<>();
    for (String jail : news) {
      boolean withdrawn = !desired.doors().containsKey(jail) && !skipped.containsKey(jail);
      states.add(
          new JailState(
              jail,
              withdrawn,
              applied.getOrDefault(jail, 0L),
              failed.getOrDefault(jail, 0L),
              mended.getOrDefault(jail, 0L),
              Optional.ofNullable(errors.get(jail)),
              skipped.getOrDefault(jail, List.of()),
              reached));
    }
    news.clear();
    return states;
  }
}
