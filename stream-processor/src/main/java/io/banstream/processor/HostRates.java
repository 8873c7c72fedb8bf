package io.banstream.processor;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.apache.kafka.common.utils.ByteUtils;

/**
 * How many failures each host sends, and whether that is far from its usual: more within {@link
 * #SPAN} than {@value #TIMES} times the mean of such spans of the day before. By append time. A
 * host of which less than {@value #LEAST_KNOWN} spans are known has no usual yet.
 */
final class HostRates {
  static final Duration SPAN = Duration.ofMinutes(10);

  private static final int TIMES = 100;
  private static final int LEAST_KNOWN = 6;
  private static final int REMEMBERED = 144;

  /** Of all partitions together: one attacker alone makes hundreds on a host that had none. */
  private static final int LEAST = 1_000;

  /** The table has others' entries, too. */
  private static final String PREFIX = "rate ";

  private final Table<String> store;
  private final Map<String, Rate> byHost = new HashMap<>();
  private final Set<String> changed = new HashSet<>();

  HostRates(Table<String> store) {
    this.store = store;
    store.scan(
        (key, value) -> {
          if (key.startsWith(PREFIX)) {
            byHost.put(key.substring(PREFIX.length()), Rate.decode(value));
          }
          return true;
        });
  }

  /**
   * What a host has sent.
   *
   * @param counted in this span
   * @param most that is not far from its usual; empty: not known
   */
  record Sent(int counted, OptionalInt most) {
    boolean isFlood() {
      return most.isPresent() && counted > most.getAsInt();
    }
  }

  /**
   * Counts one failure of the host.
   *
   * @param partitions that have the host's failures between them
   */
  Sent add(String host, Instant append, int partitions) {
    Rate rate = byHost.computeIfAbsent(host, h -> new Rate(span(append)));
    rate.turnTo(span(append));
    rate.counted++;
    changed.add(host);
    OptionalInt most =
        rate.mean() < 0 ? OptionalInt.empty() : OptionalInt.of(rate.most(partitions));
    return new Sent(rate.counted, most);
  }

  private static long span(Instant append) {
    return append.toEpochMilli() / SPAN.toMillis();
  }

  /** Writes what changed since it was last called. */
  void save() {
    for (String host : changed) {
      store.put(PREFIX + host, byHost.get(host).encode());
    }
    changed.clear();
  }

  /** Drops the hosts of which nothing came for a day. */
  void forget(Instant append) {
    long tooOld = span(append) - REMEMBERED;
    byHost
        .entrySet()
        .removeIf(
            e -> {
              boolean gone = !changed.contains(e.getKey()) && e.getValue().span < tooOld;
              if (gone) {
                store.delete(PREFIX + e.getKey());
              }
              return gone;
            });
  }

  /** One host's: the present span's count, and those before it, round and round. */
  private static final class Rate {
    private final long first;
    private final int[] before = new int[REMEMBERED];
    private long span;
    private int counted;
    private long sum;

    Rate(long first) {
      this.first = first;
      this.span = first;
    }

    /** Ends the spans before this one. */
    void turnTo(long now) {
      while (span < now) {
        if (now - span > REMEMBERED) { // nothing came for a day
          Arrays.fill(before, 0);
          sum = 0;
          counted = 0;
          span = now;
          return;
        }
        int place = (int) (span % REMEMBERED);
        sum += counted - before[place];
        before[place] = counted;
        counted = 0;
        span++;
      }
    }

    /** Of the spans before this one; below 0: not known. */
    double mean() {
      long known = Math.min(REMEMBERED, span - first);
      return known < LEAST_KNOWN ? -1 : (double) sum / known;
    }

    int most(int partitions) {
      return (int) Math.min(Integer.MAX_VALUE, Math.max(LEAST / partitions, TIMES * mean()));
    }

    byte[] encode() {
      ByteBuffer bytes = ByteBuffer.allocate(3 * Long.BYTES + 10 + 5 * REMEMBERED);
      ByteUtils.writeVarlong(first, bytes);
      ByteUtils.writeVarlong(span, bytes);
      ByteUtils.writeUnsignedVarint(counted, bytes);
      for (int i = 0; i < REMEMBERED; i++) {
        ByteUtils.writeUnsignedVarint(before[i], bytes);
      }
      return Arrays.copyOf(bytes.array(), bytes.position());
    }

    static Rate decode(byte[] packed) {
      ByteBuffer bytes = ByteBuffer.wrap(packed);
      Rate rate = new Rate(ByteUtils.readVarlong(bytes));
      rate.span = ByteUtils.readVarlong(bytes);
      rate.counted = ByteUtils.readUnsignedVarint(bytes);
      for (int i = 0; i < REMEMBERED; i++) {
        rate.before[i] = ByteUtils.readUnsignedVarint(bytes);
        rate.sum += rate.before[i];
      }
      return rate;
    }
  }
}
