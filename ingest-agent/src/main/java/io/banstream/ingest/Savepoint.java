package io.banstream.ingest;

import io.banstream.ingest.Checkpoint.FilePoint;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Moves the checkpoint: takes the positions now and then, and saves them once the broker has all
 * that was sent before.
 */
final class Savepoint {
  private static final Duration EVERY = Duration.ofMillis(500);

  /** Somebody waits for the agent to be ready. */
  private static final Duration AT_START = Duration.ofMillis(50);

  private final DataFolder folder;
  private final InstantSource clock;
  private final Trouble trouble = new Trouble("checkpoint");
  private Checkpoint acknowledged;
  private Checkpoint saved;
  private Optional<Taken> taken = Optional.empty();
  private Instant next = Instant.EPOCH;
  private boolean caughtUp;

  private record Taken(Checkpoint checkpoint, boolean caughtUp, Epoch epoch) {}

  /**
   * @param saved what is on disk
   */
  Savepoint(DataFolder folder, InstantSource clock, Checkpoint saved) {
    this.folder = folder;
    this.clock = clock;
    this.acknowledged = saved;
    this.saved = saved;
  }

  /** Up to where the broker has everything, on disk or not. */
  Checkpoint acknowledged() {
    return acknowledged;
  }

  /** Whether the sources have been read to their end once, and the broker has what was in them. */
  boolean isCaughtUp() {
    return caughtUp;
  }

  Optional<String> problem() {
    return trouble.now();
  }

  /** Whether it is on disk which file the log began with. */
  boolean hasBegun(String log) {
    FilePoint point = saved.files().get(log);
    return point != null && !point.place().fingerprint().equals(Fingerprint.NONE);
  }

  /** What was not acknowledged is forgotten: it is read again. */
  void goBack() {
    taken = Optional.empty();
  }

  /** Does what is due. */
  void step(Following following, Shipper shipper) {
    boolean due = following.isWaiting() || !clock.instant().isBefore(next);
    if (taken.isEmpty() && due) {
      take(following, shipper);
      next = clock.instant().plus(caughtUp ? EVERY : AT_START);
    }
    if (taken.isPresent() && taken.get().epoch.isDone()) {
      acknowledge(taken.get());
      taken = Optional.empty();
    }
  }

  /** At the end, when all that can arrive has arrived. */
  void last(Following following, Shipper shipper) {
    taken.filter(t -> t.epoch.isDone()).ifPresent(this::acknowledge);
    if (taken.isEmpty() || taken.get().epoch.isDone()) {
      take(following, shipper);
      taken.filter(t -> t.epoch.isDone()).ifPresent(this::acknowledge);
    }
  }

  private void take(Following following, Shipper shipper) {
    boolean atEnd = following.isCaughtUp();
    taken = Optional.of(new Taken(following.checkpoint(), atEnd, shipper.turn()));
  }

  private void acknowledge(Taken what) {
    acknowledged = what.checkpoint;
    caughtUp |= what.caughtUp;
    if (acknowledged.equals(saved)) {
      return;
    }
    try {
      folder.save(acknowledged);
      saved = acknowledged;
      trouble.over();
    } catch (IOException e) {
      trouble.is("can't be saved, a restart would begin at an older one: " + e);
    }
  }
}
