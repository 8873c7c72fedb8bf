package io.banstream.enforcer;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What became of changes.
 *
 * @param applied entries put in or taken out
 * @param refusals what the kernel would not take
 */
record Outcome(List<Entry> applied, List<Refusal> refusals) {
  /**
   * One refusal.
   *
   * @param jail whose entry, set or rule it was; empty: not one jail's
   * @param words the tool's
   */
  record Refusal(String jail, String words) {}

  Outcome() {
    this(new ArrayList<>(), new ArrayList<>());
  }

  void applied(Entry entry) {
    applied.add(entry);
  }

  /** How many entries were put in or taken out, a jail. */
  Map<String, Integer> counts() {
    Map<String, Integer> counts = new TreeMap<>();
    applied.forEach(entry -> counts.merge(entry.jail(), 1, Integer::sum));
    return counts;
  }

  void refused(String jail, String words) {
    refusals.add(new Refusal(jail, words));
  }
}
