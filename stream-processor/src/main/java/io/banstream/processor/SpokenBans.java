package io.banstream.processor;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import org.apache.kafka.common.utils.ByteUtils;

/**
 * When bans on one host's word alone reached the others: append times in milliseconds, in order.
 * Packed as its version, whether the last one was held, and the times as differences.
 */
final class SpokenBans {
  /** So many are kept though nobody's share is that large: one that grows finds them. */
  static final int LEAST_KEPT = 1_000;

  private static final byte VERSION = 1;
  private static final int LONGEST_NUMBER = 10;

  private long[] times = new long[8];
  private int begin;
  private int end;
  private boolean held;

  /** How many were appended after {@code from}, and not after {@code to}. */
  int count(Instant from, Instant to) {
    return place(to.toEpochMilli()) - place(from.toEpochMilli());
  }

  /** The first that is later. */
  private int place(long time) {
    int low = begin;
    int high = end;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (times[middle] <= time) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * @param most so many are kept, the newest
   */
  void add(Instant append, int most) {
    if (end == times.length) {
      int size = end - begin;
      long[] room = size > end / 2 ? new long[2 * end] : times;
      System.arraycopy(times, begin, room, 0, size);
      times = room;
      begin = 0;
      end = size;
    }
    long time = append.toEpochMilli();
    int place = place(time); // the end, but where a command was taken late
    System.arraycopy(times, place, times, place + 1, end - place);
    times[place] = time;
    end++;
    begin = Math.max(begin, end - most);
  }

  /** Drops what was appended at {@code time} or before. */
  void forget(Instant time) {
    begin = place(time.toEpochMilli());
  }

  /** Whether all were appended at {@code time} or before. */
  boolean isBefore(Instant time) {
    return place(time.toEpochMilli()) == end;
  }

  /**
   * The host's last ban was held by its share, or was not.
   *
   * @return whether it was the other way before
   */
  boolean held(boolean now) {
    boolean changes = now != held;
    held = now;
    return changes;
  }

  byte[] encode() {
    ByteBuffer bytes = ByteBuffer.allocate(2 + LONGEST_NUMBER * (end - begin));
    bytes.put(VERSION).put((byte) (held ? 1 : 0));
    long last = 0;
    for (int i = begin; i < end; i++) {
      ByteUtils.writeVarlong(times[i] - last, bytes);
      last = times[i];
    }
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  /**
   * @throws IllegalArgumentException if the bytes are of a version that this one can't read
   */
  static SpokenBans decode(byte[] packed) {
    ByteBuffer bytes = ByteBuffer.wrap(packed);
    byte version = bytes.get();
    if (version != VERSION) {
      throw new IllegalArgumentException("guard of version " + version + ", expected " + VERSION);
    }
    SpokenBans read = new SpokenBans();
    read.held = bytes.get() == 1;
    long last = 0;
    while (bytes.hasRemaining()) {
      last += ByteUtils.readVarlong(bytes);
      read.add(Instant.ofEpochMilli(last), Integer.MAX_VALUE);
    }
    return read;
  }
}
