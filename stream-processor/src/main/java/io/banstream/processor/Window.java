package io.banstream.processor;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The failures that count towards a ban, and the newest time that ever counted.
 *
 * @param key the jail, and whose failures are counted together
 * @param newest outlives a clear, so what is older than the window can't come back after a ban
 * @param failures oldest first, equal times in the order they came
 * @param touched append time of the record that counted last
 * @param failing whether totals count its address as failing now
 */
record Window(
    JailReach key, Instant newest, List<Failure> failures, Instant touched, boolean failing) {
  Window {
    Objects.requireNonNull(key);
    failures = List.copyOf(failures);
  }

  /** Whether a failure of {@code time} lies before the window's begin: (newest - findtime. */
  static boolean tooLate(Optional<Window> window, Instant time, Duration findtime) {
    return window.isPresent() && !time.isAfter(window.get().newest.minus(findtime));
  }

  /** The window with a failure that is not too late for it; what it leaves behind is gone. */
  static Window join(
      JailReach key, Optional<Window> window, Failure failure, Duration findtime, Instant append) {
    if (window.isEmpty()) {
      return new Window(key, failure.time(), List.of(failure), append, false);
    }
    Window before = window.get();
    Instant newest = failure.time().isBefore(before.newest) ? before.newest : failure.time();
    Instant begin = newest.minus(findtime);
    List<Failure> failures = new ArrayList<>(before.failures.size() + 1);
    int place = 0; // after those of the same time: they stay as they came
    for (Failure other : before.failures) {
      if (other.time().isAfter(begin)) {
        failures.add(other);
        place = other.time().isAfter(failure.time()) ? place : failures.size();
      }
    }
    failures.add(place, failure);
    return new Window(key, newest, failures, append, before.failing);
  }

  /** The host on whose word alone all its failures are, if they are on one's. */
  Optional<String> speaker() {
    Optional<String> first = failures.get(0).speaker();
    boolean alone = failures.stream().allMatch(f -> f.speaker().equals(first));
    return alone ? first : Optional.empty();
  }

  Window cleared() {
    return new Window(key, newest, List.of(), touched, failing);
  }

  Window without(Predicate<Failure> gone) {
    List<Failure> left = failures.stream().filter(gone.negate()).toList();
    return new Window(key, newest, left, touched, failing);
  }

  Window failing(boolean now) {
    return now == failing ? this : new Window(key, newest, failures, touched, now);
  }
}
