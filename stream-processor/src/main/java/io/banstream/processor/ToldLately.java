package io.banstream.processor;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What an alert was told of lately, so that it is not told again with each record. */
final class ToldLately {
  /** Nothing is told of less often. */
  static final Duration LONGEST = Duration.ofDays(1);

  /** The table has others' entries, too. */
  private static final String PREFIX = "told ";

  private final Table<String> store;
  private final Map<String, Long> last = new HashMap<>(); // append times
  private final Set<String> changed = new HashSet<>();

  ToldLately(Table<String> store) {
    this.store = store;
    store.scan(
        (key, value) -> {
          if (key.startsWith(PREFIX)) {
            last.put(key, ByteBuffer.wrap(value).getLong());
          }
          return true;
        });
  }

  /**
   * Whether it was not told of for so long; it is now.
   *
   * @param guard as an alert names it
   * @param what of which
   * @param again at most {@link #LONGEST}
   */
  boolean isNews(String guard, String what, Instant append, Duration again) {
    String key = PREFIX + guard + " " + what;
    Long before = last.get(key);
    if (before != null && append.toEpochMilli() < before + again.toMillis()) {
      return false;
    }
    last.put(key, append.toEpochMilli());
    changed.add(key);
    return true;
  }

  /** Writes what changed since it was last called. */
  void save() {
    for (String key : changed) {
      store.put(key, ByteBuffer.allocate(Long.BYTES).putLong(last.get(key)).array());
    }
    changed.clear();
  }

  /** Drops what is told of again anyway. */
  void forget(Instant append) {
    long tooOld = append.minus(LONGEST).toEpochMilli();
    last.entrySet()
        .removeIf(
            e -> {
              boolean gone = !changed.contains(e.getKey()) && e.getValue() <= tooOld;
              if (gone) {
                store.delete(e.getKey());
              }
              return gone;
            });
  }
}
