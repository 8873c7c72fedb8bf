package io.banstream.console;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.banstream.schemas.Alert;
import io.banstream.schemas.Alerts;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A guard that held a host back: what was told of it, as one. Or a network that stays open, which
 * one task alone can tell.
 *
 * @param alerts the newest of each partition; of known the newest of each address, at most {@link
 *     #ADDRESSES}
 * @param since when the first of them was told
 */
record GuardTrip(SortedMap<String, Alert> alerts, Instant since) {
  static final int ADDRESSES = 1_000;

  private static final Comparator<Alert> BY_TIME = Comparator.comparing(Alert::getTime);

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
    SortedMap<String, Alert> all = new TreeMap<>(alerts);
    all.put(isKnown(alert) ? alert.getAddress() : Integer.toString(alert.getPartition()), alert);
    if (all.size() > ADDRESSES) {
      all.values().remove(Collections.min(all.values(), BY_TIME));
    }
    return new GuardTrip(all, since);
  }

  private static boolean isKnown(Alert alert) {
    return alert.getGuard().equals(Alerts.KNOWN);
  }

  /** Whether that address was held on a host for it logs in. */
  boolean isOfKnown(String address) {
    return alerts.containsKey(address);
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
    return Collections.max(alerts.values(), BY_TIME);
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
    if (isKnown(newest())) {
      return known();
    }
    if (newest().getGuard().equals(Alerts.OPEN_NETWORK)) {
      return openNetwork();
    }
    return heldBack();
  }

  private String openNetwork() {
    return Plain.text(
        newest().getAddress()
            + " is not banned though "
            + newest().getCounted()
            + " of its addresses are: something in it or around it is allowed ("
            + newest().getGuard()
            + " of "
            + newest().getJail()
            + ")");
  }

  private String heldBack() {
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

  private String known() {
    int more = alerts.size() - 1;
    return Plain.text(
        "who logs in is banned on "
            + host()
            + " only, which saw the failures: "
            + newest().getAddress()
            + (more > 0 ? " and " + more + " more" : "")
            + " (known.days of "
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
