package io.banstream.processor;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The failures that count towards a ban, and the newest time that ever counted.
 *
 * @param newest outlives a clear, so what is older than the window can't come back after a ban
 * @param failures oldest first, equal times in the order they came
 * @param touched append time of the record that counted last
 * @param failing whether totals count its address as failing now
 */
record Window(Instant newest, List<Failure> failures, Instant touched, boolean failing) {
  Window {
    failures = List.copyOf(failures);
  }

  /** Whether a failure of {@code time} lies before the window's begin: (newest - findtime. */
  static boolean tooLate(Optional<Window> window, Instant time, Duration findtime) {
    return window.isPresent() && !time.isAfter(window.get().newest.minus(findtime));
  }

  /** The window with a failure that is not too late for it; what it leaves behind is gone. */
  static Window join(Optional<Window> window, Failure failure, Duration findtime, Instant append) {
    Instant newest =
        window.map(Window::newest).filter(failure.time()::isBefore).orElse(failure.time());
    Instant begin = newest.minus(findtime);
    List<Failure> failures = new ArrayList<>();
    window.stream()
        .flatMap(w -> w.failures.stream())
        .filter(f -> f.time().isAfter(begin))
        .forEach(failures::add);
    failures.add(failure);
    failures.sort(Comparator.comparing(Failure::time)); // stable: equal times stay as they came
    return new Window(newest, failures, append, window.isPresent() && window.get().failing);
  }

  Window cleared() {
    return new Window(newest, List.of(), touched, failing);
  }

  Window without(Predicate<Failure> gone) {
    return new Window(newest, failures.stream().filter(gone.negate()).toList(), touched, failing);
  }

  Window failing(boolean now) {
    return now == failing ? this : new Window(newest, failures, touched, now);
  }
}
