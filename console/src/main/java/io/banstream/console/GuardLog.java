package io.banstream.console;

import io.banstream.schemas.Alert;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** The guards' trips of the last weeks, at most {@link #KEPT}: what tasks tell of one is one. */
final class GuardLog {
  static final int KEPT = 200;

  private final Deque<GuardTrip> trips = new ArrayDeque<>(); // oldest first

  /**
   * @return the trip where it is a new one
   */
  Optional<GuardTrip> add(Alert alert) {
    Optional<GuardTrip> before = trips.stream().filter(t -> t.goesOnWith(alert)).findFirst();
    before.ifPresent(trips::remove);
    GuardTrip trip = before.map(t -> t.with(alert)).orElseGet(() -> GuardTrip.of(alert));
    trips.addLast(trip);
    if (trips.size() > KEPT) {
      trips.removeFirst();
    }
    return before.isPresent() ? Optional.empty() : Optional.of(trip);
  }

  /** Newest first, those of which something was told after {@code since}. */
  List<GuardTrip> since(Instant since) {
    List<GuardTrip> newest = new ArrayList<>(trips);
    newest.removeIf(t -> !t.latest().isAfter(since));
    Collections.reverse(newest);
    return newest;
  }
}
