package io.banstream.processor;

import io.banstream.schemas.Position;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Rule 8: what comes twice counts once. Positions rise within (host, source, jail, incarnation),
 * and an agent's producer keeps their order, so the highest of each tells what was there before.
 *
 * <p>One that no record touched for {@link #KEPT} of append time is forgotten: its agent is gone.
 */
final class Positions {
  static final Duration KEPT = Duration.ofDays(30);

  private static final int BYTES = 3 * Long.BYTES + Integer.BYTES;

  private final Table<String> store;
  private final Map<Reader, Highest> highest = new HashMap<>();
  private final List<Reader> changed = new ArrayList<>();

  /** Who reads a log for a jail. */
  private record Reader(String host, String jail, String incarnation, String source) {
    String key() {
      return String.join("\0", host, jail, incarnation, source);
    }

    static Reader parse(String key) {
      String[] parts = key.split("\0", -1);
      return new Reader(parts[0], parts[1], parts[2], parts[3]);
    }
  }

  /** The highest position of a reader; times in milliseconds. */
  private static final class Highest {
    private long touched;
    private long generation = Long.MIN_VALUE;
    private long offset;
    private int ordinal;
    private boolean unsaved;

    boolean isBelow(Position position) {
      if (position.getGeneration() != generation) {
        return generation < position.getGeneration();
      }
      return offset != position.getOffset()
          ? offset < position.getOffset()
          : ordinal < position.getOrdinal();
    }

    boolean isForgotten(Instant append) {
      return append.toEpochMilli() >= touched + KEPT.toMillis();
    }

    byte[] encode() {
      return ByteBuffer.allocate(BYTES)
          .putLong(touched)
          .putLong(generation)
          .putLong(offset)
          .putInt(ordinal)
          .array();
    }

    static Highest decode(byte[] bytes) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      Highest read = new Highest();
      read.touched = buffer.getLong();
      read.generation = buffer.getLong();
      read.offset = buffer.getLong();
      read.ordinal = buffer.getInt();
      return read;
    }
  }

  Positions(Table<String> store) {
    this.store = store;
    store.scan(
        (key, value) -> {
          highest.put(Reader.parse(key), Highest.decode(value));
          return true;
        });
  }

  /** Whether the position is a new one; it is then the highest. */
  boolean advance(String host, String jail, Position position, Instant append) {
    Reader reader = new Reader(host, jail, position.getIncarnation(), position.getSource());
    Highest known = highest.computeIfAbsent(reader, r -> new Highest());
    if (!known.isBelow(position) && !known.isForgotten(append)) {
      return false;
    }
    known.touched = append.toEpochMilli();
    known.generation = position.getGeneration();
    known.offset = position.getOffset();
    known.ordinal = position.getOrdinal();
    if (!known.unsaved) {
      known.unsaved = true;
      changed.add(reader);
    }
    return true;
  }

  /** Writes what changed since it was last called. */
  void save() {
    for (Reader reader : changed) {
      Highest known = highest.get(reader);
      known.unsaved = false;
      store.put(reader.key(), known.encode());
    }
    changed.clear();
  }

  /** Drops what is forgotten; changes nothing that {@link #advance} says. */
  void forget(Instant append) {
    highest
        .entrySet()
        .removeIf(
            e -> {
              boolean gone = !e.getValue().unsaved && e.getValue().isForgotten(append);
              if (gone) {
                store.delete(e.getKey().key());
              }
              return gone;
            });
  }
}
