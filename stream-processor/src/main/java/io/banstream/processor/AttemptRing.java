package io.banstream.processor;

import java.util.Arrays;
import java.util.Optional;

/**
 * The partition's newest attempts as they came, in bounded memory: a ban's evidence shows the lines
 * of its failures. What is no more in it, {@code attempts} itself holds, by the offset. One block
 * of bytes and one of offsets, written round and round: it leaves nothing to the garbage collector.
 */
final class AttemptRing {
  /** A line has 512 bytes at most; this is what a record takes that has a usual one. */
  private static final int USUAL = 256;

  private final byte[] bytes;
  private final long[] offsets;
  private final int[] begins;
  private final int[] lengths;

  /** How many were put in ever, and how many of those are no more; of the ring's places. */
  private long end;

  private long begin;
  private int next;

  /**
   * @param capacity in bytes
   */
  AttemptRing(int capacity) {
    bytes = new byte[capacity];
    int places = Math.max(1, capacity / USUAL);
    offsets = new long[places];
    begins = new int[places];
    lengths = new int[places];
  }

  /**
   * @param offset higher than all before it; where it is not, all before it are forgotten
   */
  void put(long offset, byte[] value) {
    if (value.length > bytes.length) {
      return;
    }
    if (end > begin && offset <= offsets[place(end - 1)]) {
      begin = end;
      next = 0;
    }
    if (next + value.length > bytes.length) {
      drop(next, bytes.length);
      next = 0;
    }
    drop(next, next + value.length);
    if (end - begin == offsets.length) {
      begin++;
    }
    System.arraycopy(value, 0, bytes, next, value.length);
    int place = place(end++);
    offsets[place] = offset;
    begins[place] = next;
    lengths[place] = value.length;
    next += value.length;
  }

  /** Forgets the oldest while their bytes lie in the way. */
  private void drop(int from, int to) {
    while (end > begin) {
      int place = place(begin);
      boolean clear = begins[place] >= to || begins[place] + lengths[place] <= from;
      if (clear) {
        return;
      }
      begin++;
    }
  }

  /** The attempt of that offset, if it is still here. */
  Optional<byte[]> get(long offset) {
    long low = begin;
    long high = end - 1;
    while (low <= high) {
      long middle = (low + high) >>> 1;
      int place = place(middle);
      if (offsets[place] == offset) {
        return Optional.of(
            Arrays.copyOfRange(bytes, begins[place], begins[place] + lengths[place]));
      }
      if (offsets[place] < offset) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return Optional.empty();
  }

  private int place(long number) {
    return (int) (number % offsets.length);
  }
}
