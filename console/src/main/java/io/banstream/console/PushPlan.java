package io.banstream.console;

import io.banstream.jails.Jail;
import io.banstream.jails.JailRecords;
import io.banstream.jails.Policy;
import io.banstream.schemas.JailRecord;
import io.banstream.schemas.PolicyRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * What a push is to write: decided from what stands and what was pushed, nothing else.
 *
 * <p>A group that has a jail alone is the fleet as far as that jail goes: its new value rules.
 * Where another group has the jail too, the fleet's value stays unless the push's is to rule.
 *
 * @param policies the marker's: every jail's policy after the push
 * @param partitions of {@code commands}
 * @param markTo those that need the marker
 * @param records the topic {@code jails}: records to write
 * @param tombstones jails of the group that are no more
 * @param report what the operator is told
 */
record PushPlan(
    SortedMap<String, PolicyRecord> policies,
    int partitions,
    List<Integer> markTo,
    List<JailRecord> records,
    List<String> tombstones,
    PushReport report) {

  /**
   * @throws IllegalArgumentException if two of the jails have one name
   */
  static PushPlan of(StandingJails standing, String group, List<Jail> pushed, boolean pushRules) {
    SortedMap<String, Jail> jails = byName(pushed);
    SortedMap<String, JailRecord> before = standing.of(group);
    long next = standing.version() + 1;

    List<PolicyDifference> differences = new ArrayList<>();
    SortedMap<String, PolicyRecord> policies = new TreeMap<>();
    List<JailRecord> records = new ArrayList<>();
    SortedSet<String> added = new TreeSet<>();
    SortedSet<String> changed = new TreeSet<>();
    for (Jail jail : jails.values()) {
      String name = jail.name();
      Optional<Policy> fleet = standing.policy(name).map(JailRecords::policy);
      Policy policy = jail.policy();
      if (fleet.isPresent()) {
        boolean shared = standing.others(group).anyMatch(r -> r.getJail().equals(name));
        PolicyMerge merge = new PolicyMerge(name, fleet.get(), policy, pushRules || !shared);
        differences.addAll(merge.differences());
        policy = merge.policy();
      } else {
        added.add(name);
      }
      policies.put(name, JailRecords.record(name, policy));
      Jail merged = new Jail(name, policy, jail.sources(), jail.enforcement());
      JailRecord record = JailRecords.record(group, next, merged);
      if (!same(before.get(name), record)) {
        records.add(record);
        changed.add(name);
      }
    }
    standing
        .others(group)
        .forEach(
            other -> {
              String name = other.getJail();
              PolicyRecord policy =
                  policies.computeIfAbsent(name, n -> standing.policy(n).orElseThrow());
              if (!other.getPolicy().equals(policy)) {
                records.add(
                    JailRecord.newBuilder(other).setVersion(next).setPolicy(policy).build());
                changed.add(name);
              }
            });
    changed.removeAll(added);

    List<String> tombstones = before.keySet().stream().filter(n -> !jails.containsKey(n)).toList();
    List<Integer> markTo = standing.partitionsWithout(policies);
    boolean unchanged = records.isEmpty() && tombstones.isEmpty() && onlyMissing(standing, markTo);
    if (!unchanged) {
      markTo = everyPartition(standing);
    }
    return new PushPlan(
        policies,
        standing.markers().size(),
        markTo,
        records,
        tombstones,
        new PushReport(
            unchanged && next > 1 ? next - 1 : next,
            List.copyOf(added),
            List.copyOf(changed),
            tombstones.stream().filter(n -> !policies.containsKey(n)).toList(),
            tombstones.stream().filter(policies::containsKey).toList(),
            differences));
  }

  private static SortedMap<String, Jail> byName(List<Jail> pushed) {
    SortedMap<String, Jail> jails = new TreeMap<>();
    for (Jail jail : pushed) {
      if (jails.put(jail.name(), jail) != null) {
        throw new IllegalArgumentException("jail " + jail.name() + ": pushed twice");
      }
    }
    return jails;
  }

  /** The version says when a record was written, not what it says. */
  private static boolean same(JailRecord before, JailRecord after) {
    return before != null
        && JailRecord.newBuilder(after).setVersion(before.getVersion()).build().equals(before);
  }

  /** Their markers are older than the topic keeps; none says otherwise. */
  private static boolean onlyMissing(StandingJails standing, List<Integer> partitions) {
    return partitions.stream().allMatch(p -> standing.markers().get(p).isEmpty());
  }

  private static List<Integer> everyPartition(StandingJails standing) {
    return IntStream.range(0, standing.markers().size()).boxed().toList();
  }
}
