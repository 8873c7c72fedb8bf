package io.banstream.processor;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateRestoreListener;

/** How long this processor took to read its state anew from the changelogs, and how much it was. */
final class Restoring implements StateRestoreListener {
  private final InstantSource clock;
  private final Map<Store, Long> open = new HashMap<>();
  private long records;
  private Duration took = Duration.ZERO;
  private Instant since = Instant.EPOCH;

  private record Store(TopicPartition changelog, String name) {}

  Restoring(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public synchronized void onRestoreStart(
      TopicPartition changelog, String store, long from, long to) {
    if (open.isEmpty()) {
      since = clock.instant();
    }
    open.put(new Store(changelog, store), 0L);
  }

  @Override
  public synchronized void onBatchRestored(
      TopicPartition changelog, String store, long end, long restored) {
    records += restored;
  }

  @Override
  public synchronized void onRestoreEnd(TopicPartition changelog, String store, long total) {
    over(new Store(changelog, store));
  }

  @Override
  public synchronized void onRestoreSuspended(TopicPartition changelog, String store, long total) {
    over(new Store(changelog, store));
  }

  private void over(Store store) {
    open.remove(store);
    if (open.isEmpty()) {
      took = took.plus(Duration.between(since, clock.instant()));
    }
  }

  /** Records read, since it was started. */
  synchronized long records() {
    return records;
  }

  /** Time with a store that was being restored, since it was started. */
  synchronized Duration took() {
    return open.isEmpty() ? took : took.plus(Duration.between(since, clock.instant()));
  }
}
