package io.banstream.console;

import io.banstream.schemas.JailRecord;
import io.banstream.schemas.PolicyMarker;
import io.banstream.schemas.PolicyRecord;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * What is in force when a push begins.
 *
 * @param records the topic {@code jails}: every group's
 * @param markers the newest marker of each partition of {@code commands}; empty where there is none
 */
record StandingJails(List<JailRecord> records, List<Optional<PolicyMarker>> markers) {
  StandingJails {
    records = List.copyOf(records);
    markers = List.copyOf(markers);
  }

  /** Version of the last push; 0: there was none. */
  long version() {
    LongStream ofRecords = records.stream().mapToLong(JailRecord::getVersion);
    LongStream ofMarkers =
        markers.stream().flatMap(Optional::stream).mapToLong(PolicyMarker::getVersion);
    return LongStream.concat(ofRecords, ofMarkers).max().orElse(0);
  }

  SortedMap<String, JailRecord> of(String group) {
    SortedMap<String, JailRecord> jails = new TreeMap<>();
    records.stream()
        .filter(r -> r.getGroup().equals(group))
        .forEach(r -> jails.put(r.getJail(), r));
    return jails;
  }

  Stream<JailRecord> others(String group) {
    return records.stream().filter(r -> !r.getGroup().equals(group));
  }

  /** The fleet's policy of a jail. A push that was cut short may have left an older one beside. */
  Optional<PolicyRecord> policy(String jail) {
    return records.stream()
        .filter(r -> r.getJail().equals(jail))
        .max(Comparator.comparingLong(JailRecord::getVersion))
        .map(JailRecord::getPolicy);
  }

  /**
   * Partitions whose newest marker says something else than {@code policies}, or counted other
   * partitions, or is missing.
   */
  List<Integer> partitionsWithout(Map<String, PolicyRecord> policies) {
    return Stream.iterate(0, p -> p < markers.size(), p -> p + 1)
        .filter(p -> !markers.get(p).filter(m -> says(m, policies.values())).isPresent())
        .toList();
  }

  private boolean says(PolicyMarker marker, Collection<PolicyRecord> policies) {
    return marker.getPartitions() == markers.size()
        && marker.getPolicies().size() == policies.size()
        && marker.getPolicies().containsAll(policies);
  }
}
