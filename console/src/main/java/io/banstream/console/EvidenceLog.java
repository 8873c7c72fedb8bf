package io.banstream.console;

import io.banstream.schemas.Address;
import io.banstream.schemas.DecisionKey;
import io.banstream.schemas.Evidence;
import io.banstream.schemas.EvidenceFailure;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is behind the bans of the last weeks, as much as fits: the oldest goes first. A ban's own
 * failures are cut to the newest {@link #FAILURES}.
 */
final class EvidenceLog {
  /** One ban: the key and its from name it. */
  record Ban(DecisionKey key, Instant from) {}

  /** Failures kept of one ban. */
  static final int FAILURES = 20;

  private static final int OVERHEAD = 200; // characters' worth of objects around a failure

  private final long budget;
  private final Map<Ban, Evidence> bans = new LinkedHashMap<>();
  private final Map<Address, Set<Ban>> byAddress = new HashMap<>();
  private long held;

  /**
   * @param budget characters that are kept in all
   */
  EvidenceLog(long budget) {
    this.budget = budget;
  }

  void add(Evidence evidence) {
    DecisionKey key =
        new DecisionKey(
            Address.parse(evidence.getAddress()), evidence.getJail(), evidence.getReach());
    Ban ban = new Ban(key, evidence.getFrom());
    forget(ban, bans.remove(ban));
    cut(evidence);
    bans.put(ban, evidence);
    if (!lifts(evidence)) {
      byAddress.computeIfAbsent(key.address(), a -> new LinkedHashSet<>()).add(ban);
    }
    held += cost(evidence);
    Iterator<Map.Entry<Ban, Evidence>> oldest = bans.entrySet().iterator();
    while (held > budget && bans.size() > 1) {
      Map.Entry<Ban, Evidence> entry = oldest.next();
      oldest.remove();
      forget(entry.getKey(), entry.getValue());
    }
  }

  /** An unban is told with its word too: it ends where it begins, which no ban does. */
  private static boolean lifts(Evidence evidence) {
    return evidence.getFrom().equals(evidence.getUntil());
  }

  Optional<Evidence> of(DecisionKey key, Instant from) {
    return Optional.ofNullable(bans.get(new Ban(key, from)));
  }

  /** The bans of this very address or network, newest first. */
  List<Evidence> about(Address address) {
    return byAddress.getOrDefault(address, Set.of()).stream()
        .map(bans::get)
        .sorted(Comparator.comparing(Evidence::getFrom).reversed())
        .toList();
  }

  /** The bans of each address. */
  Map<Address, Set<Ban>> byAddress() {
    return byAddress;
  }

  private void forget(Ban ban, Evidence evidence) {
    if (evidence != null) {
      held -= cost(evidence);
      byAddress.computeIfPresent(
          ban.key().address(),
          (a, of) -> {
            of.remove(ban);
            return of.isEmpty() ? null : of;
          });
    }
  }

  private static void cut(Evidence evidence) {
    List<EvidenceFailure> failures = evidence.getFailures();
    if (failures.size() > FAILURES) {
      evidence.setFailures(
          new ArrayList<>(failures.subList(failures.size() - FAILURES, failures.size())));
    }
  }

  private static long cost(Evidence evidence) {
    long cost = OVERHEAD;
    for (EvidenceFailure f : evidence.getFailures()) {
      cost += OVERHEAD + f.getLine().length() + (f.getUser() == null ? 0 : f.getUser().length());
    }
    return cost;
  }
}
