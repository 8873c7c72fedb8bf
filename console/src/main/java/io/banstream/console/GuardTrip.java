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
 * What a guard told of a host, as one: as that it was held back. Or of no one host: of a network
 * that stays open, which one task alone can tell, or of addresses that are spared.
 *
 * @param alerts the newest of each partition; of known and guard.spare the newest of each address,
 *     at most {@link #ADDRESSES}
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
    all.put(isOfAddress(alert) ? alert.getAddress() : "" + alert.getPartition(), alert);
    if (all.size() > ADDRESSES) {
      all.values().remove(Collections.min(all.values(), BY_TIME));
    }
    return new GuardTrip(all, since);
  }

  private static boolean isOfAddress(Alert alert) {
    return alert.getGuard().equals(Alerts.KNOWN) || alert.getGuard().equals(Alerts.SPARE);
  }

  /** Whether that address was held on a host for it logs in. */
  boolean isOfKnown(String address) {
    return newest().getGuard().equals(Alerts.KNOWN) && alerts.containsKey(address);
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

  /** What was counted when it tripped, in the partitions where it did: bans, or failures. */
  private int counted() {
    return alerts.values().stream().mapToInt(Alert::getCounted).sum();
  }

  /** One sentence without its full stop, safe for a terminal. */
  String words() {
    return Plain.text(
        switch (newest().getGuard()) {
          case Alerts.KNOWN -> known();
          case Alerts.OPEN_NETWORK -> openNetwork();
          case Alerts.SPARE -> spared();
          case Alerts.CLOCK -> clock();
          case Alerts.FLOOD -> flood();
          default -> heldBack();
        });
  }

  private String openNetwork() {
    return newest().getAddress()
        + " is not banned though "
        + newest().getCounted()
        + " of its addresses are: something in it or around it is allowed"
        + setting();
  }

  private String heldBack() {
    return host()
        + "'s word alone has made "
        + counted()
        + " bans on the other hosts within "
        + Spans.text(window())
        + ": further ones reach "
        + host()
        + " only"
        + setting();
  }

  private String known() {
    return "who logs in is banned on "
        + host()
        + " only, which saw the failures: "
        + addresses()
        + " (known.days of "
        + String.join(", ", jails())
        + ")";
  }

  private String spared() {
    return "not banned, for the list spares it, though it failed often enough: "
        + addresses()
        + setting();
  }

  private String clock() {
    return host()
        + "'s clock is ahead of the broker's by "
        + Spans.text(Duration.ofSeconds(newest().getCounted()))
        + ": what it tells of counts as of when it came";
  }

  private String flood() {
    return host()
        + " has sent "
        + counted()
        + " failures within "
        + Spans.text(window())
        + ", a hundred times what is usual for it";
  }

  private String addresses() {
    int more = alerts.size() - 1;
    return newest().getAddress() + (more > 0 ? " and " + more + " more" : "");
  }

  private String setting() {
    return " (" + newest().getGuard() + " of " + String.join(", ", jails()) + ")";
  }

  ObjectNode json() {
    Alert newest = newest();
    ObjectNode node = Json.object().put("host", host()).put("guard", newest.getGuard());
    Json.instant(node, "since", since);
    Json.instant(node, "latest", latest());
    node.set("jails", Json.strings(jails()));
    return node.put("banned", counted())
        .put("seconds", window().toSeconds())
        .put("address", newest.getAddress())
        .put("words", words());
  }
}
