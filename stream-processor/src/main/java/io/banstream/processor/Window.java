package io.banstream.processor;

import io.banstream.jails.Policy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The failures that count towards a ban, and the newest time that ever counted.
 *
 * @param key the jail, and whose failures are counted together
 * @param newest outlives a clear, so what is older than the window can't come back after a ban
 * @param failures oldest first, equal times in the order they came
 * @param older the same of what findtime has left behind, and longtime not; none where longtime is
 *     not set
 * @param touched append time of the record that counted last
 * @param failing whether totals count its address as failing now
 */
record Window(
    JailReach key,
    Instant newest,
    List<Failure> failures,
    List<Failure> older,
    Instant touched,
    boolean failing) {
  private static final Comparator<Failure> BY_TIME = Comparator.comparing(Failure::time);

  Window {
    Objects.requireNonNull(key);
    failures = List.copyOf(failures);
    older = List.copyOf(older);
  }

  /** Whether a failure of {@code time} lies before the begin of the longer window. */
  static boolean tooLate(Optional<Window> window, Instant time, Policy policy) {
    return window.isPresent() && !time.isAfter(window.get().newest.minus(policy.longest()));
  }

  /** The window with a failure that is not too late for it; what it leaves behind is gone. */
  static Window join(
      JailReach key, Optional<Window> window, Failure failure, Policy policy, Instant append) {
    if (window.isEmpty()) {
      return new Window(key, failure.time(), List.of(failure), List.of(), append, false);
    }
    Window before = window.get();
    Instant newest = Ban.later(before.newest, failure.time());
    Instant begin = newest.minus(policy.findtime());
    List<Failure> failures = new ArrayList<>(before.failures.size() + 1);
    List<Failure> left = new ArrayList<>();
    for (Failure other : before.failures) {
      (other.time().isAfter(begin) ? failures : left).add(other);
    }
    insert(failure.time().isAfter(begin) ? failures : left, failure);
    List<Failure> older =
        policy.slow().isEmpty()
            ? List.of()
            : older(before.older, left, newest.minus(policy.longest()));
    return new Window(key, newest, failures, older, append, before.failing);
  }

  private static List<Failure> older(List<Failure> known, List<Failure> left, Instant begin) {
    List<Failure> older = new ArrayList<>(known);
    left.forEach(f -> insert(older, f.withoutLine()));
    older.removeIf(f -> !f.time().isAfter(begin));
    return older;
  }

  /** After those of the same time: they stay as they came. */
  private static void insert(List<Failure> sorted, Failure failure) {
    int place = sorted.size();
    while (place > 0 && sorted.get(place - 1).time().isAfter(failure.time())) {
      place--;
    }
    sorted.add(place, failure);
  }

  /**
   * What is behind a ban.
   *
   * @param failures oldest first
   * @param slow whether they filled the second window
   */
  record Full(List<Failure> failures, boolean slow) {
    static final Full NONE = new Full(List.of(), false);

    /** The host on whose word alone all of them are, if they are on one's. */
    Optional<String> speaker() {
      Optional<String> first = failures.get(0).speaker();
      boolean alone = failures.stream().allMatch(f -> f.speaker().equals(first));
      return alone ? first : Optional.empty();
    }
  }

  /**
   * What makes a ban, if there is enough of it: findtime's window goes first.
   *
   * @param last joined last; where it is too old for findtime's window it completes the second
   */
  Optional<Full> full(Failure last, Policy policy) {
    boolean joined = last.time().isAfter(newest.minus(policy.findtime()));
    if (joined && (failures.size() >= policy.maxretry() || hasManyNames(policy))) {
      return Optional.of(new Full(failures, false));
    }
    int all = older.size() + failures.size();
    if (policy.slow().isEmpty() || all < policy.slow().get().longretry()) {
      return Optional.empty();
    }
    List<Failure> both = Stream.concat(older.stream(), failures.stream()).sorted(BY_TIME).toList();
    return Optional.of(new Full(both, true));
  }

  private boolean hasManyNames(Policy policy) {
    return policy.maxnames() > 0
        && failures.stream().mapToLong(Failure::name).filter(n -> n != 0).distinct().count()
            >= policy.maxnames();
  }

  Window cleared() {
    return new Window(key, newest, List.of(), List.of(), touched, failing);
  }

  Window without(Predicate<Failure> gone) {
    Predicate<Failure> stays = gone.negate();
    return new Window(
        key,
        newest,
        failures.stream().filter(stays).toList(),
        older.stream().filter(stays).toList(),
        touched,
        failing);
  }

  /** Without the one of these that came last, if there is any. */
  Window withoutLast(Predicate<Failure> gone) {
    int place = lastOf(failures, gone);
    if (place >= 0) {
      return new Window(key, newest, without(failures, place), older, touched, failing);
    }
    place = lastOf(older, gone);
    return place < 0
        ? this
        : new Window(key, newest, failures, without(older, place), touched, failing);
  }

  private static int lastOf(List<Failure> all, Predicate<Failure> wanted) {
    int place = all.size() - 1;
    while (place >= 0 && !wanted.test(all.get(place))) {
      place--;
    }
    return place;
  }

  private static List<Failure> without(List<Failure> all, int place) {
    List<Failure> left = new ArrayList<>(all);
    left.remove(place);
    return left;
  }

  /** Whether they are failures of a jail that counts bans. */
  boolean holdsBans() {
    return Stream.concat(failures.stream(), older.stream())
        .anyMatch(f -> f.origin() instanceof Failure.Banned);
  }

  boolean isEmpty() {
    return failures.isEmpty() && older.isEmpty();
  }

  Window failing(boolean now) {
    return now == failing ? this : new Window(key, newest, failures, older, touched, now);
  }
}
