package io.banstream.processor;

import io.banstream.schemas.Position;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Rule 8: what comes twice counts once. Positions rise within (host, source, jail, incarnation),
 * and an agent's producer keeps their order, so the highest of each tells what was there before.
 *
 * <p>One that no record touched for {@link #KEPT} of append time is forgotten: its agent is gone.
 */
final class Positions {
  static final Duration KEPT = Duration.ofDays(30);

  private static final Comparator<Position> ORDER =
      Comparator.comparingLong(Position::getGeneration)
          .thenComparingLong(Position::getOffset)
          .thenComparingInt(Position::getOrdinal);

  private final KeyValueStore<String, byte[]> store;

  Positions(KeyValueStore<String, byte[]> store) {
    this.store = store;
  }

  /** Whether the position is a new one; it is then the highest. */
  boolean advance(String host, String jail, Position position, Instant append) {
    String key = String.join("\0", host, jail, position.getIncarnation(), position.getSource());
    byte[] known = store.get(key);
    if (known != null && append.isBefore(forgotten(known)) && !above(position, known)) {
      return false;
    }
    store.put(
        key,
        ByteBuffer.allocate(3 * Long.BYTES + Integer.BYTES)
            .putLong(append.toEpochMilli())
            .putLong(position.getGeneration())
            .putLong(position.getOffset())
            .putInt(position.getOrdinal())
            .array());
    return true;
  }

  /** Drops what is forgotten; changes nothing that {@link #advance} says. */
  void forget(Instant append) {
    List<String> gone = new ArrayList<>();
    try (var all = store.all()) {
      all.forEachRemaining(
          e -> {
            if (!append.isBefore(forgotten(e.value))) {
              gone.add(e.key);
            }
          });
    }
    gone.forEach(store::delete);
  }

  private static Instant forgotten(byte[] known) {
    return Instant.ofEpochMilli(ByteBuffer.wrap(known).getLong()).plus(KEPT);
  }

  private static boolean above(Position position, byte[] known) {
    ByteBuffer buffer = ByteBuffer.wrap(known, Long.BYTES, known.length - Long.BYTES);
    Position highest = new Position("", "", buffer.getLong(), buffer.getLong(), buffer.getInt());
    return ORDER.compare(position, highest) > 0;
  }
}
