package io.banstream.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.banstream.schemas.Alert;
import java.time.Duration;
import java.time.Instant;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A guard that held a host back: what each partition's task told of it, as one.
 *
 * @param alerts by partition, the newest of each
 * @param since when the first of them was told
 */
record GuardTrip(SortedMap<Integer, Alert> alerts, Instant since) {
  static GuardTrip of(Alert alert) {
    return new GuardTrip(new TreeMap<>(), alert.getTime()).with(alert);
  }

  /** Whether the alert is more of the same: it comes while what it counts still may. */
  boolean goesOnWith(Alert alert) {
    return newest().getGuard().equals(alert.getGuard())
        && newest().getHost().equals(alert.getHost())
        && alert.getTime().isBefore(latest().plus(window()));
  }

  GuardTrip with(Alert alert) {
    SortedMap<Integer, Alert> all = new TreeMap<>(alerts);
    all.put(alert.getPartition(), alert);
    return new GuardTrip(all, since);
  }

  String host() {
    return newest().getHost();
  }

  Instant latest() {
    return newest().getTime();
  }

  private Duration window() {
    return Duration.ofMillis(newest().getWindowMs());
  }

  private Alert newest() {
    return alerts.values().stream()
        .reduce((a, b) -> a.getTime().isAfter(b.getTime()) ? a : b)
        .orElseThrow();
  }

  private SortedSet<String> jails() {
    SortedSet<String> jails = new TreeSet<>();
    alerts.values().forEach(a -> jails.add(a.getJail()));
    return jails;
  }

  /** How many bans had reached the others when it tripped, in the partitions where it did. */
  private int banned() {
    return alerts.values().stream().mapToInt(Alert::getCounted).sum();
  }

  /** One sentence without its full stop, safe for a terminal. */
  String words() {
    return Plain.text(
        host()
            + "'s word alone has made "
            + banned()
            + " bans on the other hosts within "
            + Spans.text(window())
            + ": further ones reach "
            + host()
            + " only ("
            + newest().getGuard()
            + " of "
            + String.join(", ", jails())
            + ")");
  }

  ObjectNode json() {
    Alert newest = newest();
    ObjectNode node = Json.object().put("host", host()).put("guard", newest.getGuard());
    Json.instant(node, "since", since);
    Json.instant(node, "latest", latest());
    node.set("jails", Json.strings(jails()));
    return node.put("banned", banned())
        .put("seconds", window().toSeconds())
        .put("address", newest.getAddress())
        .put("words", words());
  }
}
