package io.banstream.processor;

import io.banstream.schemas.Address;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;

/**
 * Which addresses are to be looked at, and when. Times are append times in milliseconds since 1970.
 *
 * <p>What was set between two commits is written together, an entry for each {@value #SPAN} ms in
 * which something rings: with an entry for each alarm a failure cost more for its alarm than for
 * its state. So an alarm can't be taken back: whoever hears it must know whether it still stands.
 *
 * <pre>
 * key   = span's begin(8) serial(8), or an alarm's time(8) address, as it once was
 * value = (time - begin(4) length(1) address)*, or nothing, as it once was
 * </pre>
 */
final class AlarmBook {
  private static final long SPAN = 5_000;

  /** In one entry: some 100 kB, far below what a broker takes as one record. */
  private static final int MOST_TOGETHER = 5_000;

  /** Of IPv6, with its prefix's length. */
  private static final int LONGEST_ADDRESS = 43;

  /** Behind all others: the highest serial so far. */
  private static final Bytes SERIAL = Bytes.wrap(new byte[] {-1, -1, -1, -1, -1, -1, -1, -1});

  private final Table<Bytes> store;

  /** Set since the last commit, by their spans' begins. */
  private final TreeMap<Long, List<Alarm>> unsaved = new TreeMap<>();

  /** Those of the spans that were opened. */
  private final PriorityQueue<Alarm> due = new PriorityQueue<>();

  /** The keys of the spans that were opened, by their begins. */
  private final TreeMap<Long, List<Bytes>> open = new TreeMap<>();

  /** Begin of the last span that was opened. */
  private long opened = Long.MIN_VALUE;

  /** No span that is stored and not opened begins earlier. */
  private long nextStored = Long.MIN_VALUE;

  private long serial;

  /** One address, and when it is to be looked at. */
  static final class Alarm implements Comparable<Alarm> {
    private final long time;
    private final Address address;
    private boolean rung;

    Alarm(long time, Address address) {
      this.time = time;
      this.address = address;
    }

    long time() {
      return time;
    }

    Address address() {
      return address;
    }

    @Override
    public int compareTo(Alarm other) {
      int byTime = Long.compare(time, other.time);
      return byTime != 0 ? byTime : address.compareTo(other.address);
    }
  }

  AlarmBook(Table<Bytes> store) {
    this.store = store;
    byte[] known = store.get(SERIAL);
    serial = known == null ? 0 : ByteBuffer.wrap(known).getLong();
  }

  void set(Address address, long time) {
    Alarm alarm = new Alarm(time, address);
    long begin = begin(alarm.time);
    unsaved.computeIfAbsent(begin, b -> new ArrayList<>()).add(alarm);
    if (begin <= opened) {
      due.add(alarm);
    }
  }

  private static long begin(long time) {
    return time - time % SPAN;
  }

  /** Takes out what rings at {@code append}, at most so many, the earliest first. */
  List<Alarm> ring(long append, int most) {
    List<Alarm> rung = new ArrayList<>();
    while (rung.size() < most) {
      Alarm next = due.peek();
      if (next != null && next.time <= append) {
        next.rung = true;
        rung.add(due.remove());
      } else if (next != null || !openNext(append)) {
        break;
      }
    }
    return rung;
  }

  /**
   * @return whether a further span begins by then
   */
  private boolean openNext(long append) {
    Optional<Long> set = Optional.ofNullable(unsaved.higherKey(opened));
    if (nextStored > append && set.orElse(Long.MAX_VALUE) > append) {
      return false;
    }
    nextStored = firstStored();
    long next = Math.min(nextStored, set.orElse(Long.MAX_VALUE));
    if (next > append) {
      return false;
    }
    opened = next;
    due.addAll(unsaved.getOrDefault(next, List.of()));
    if (next == nextStored) {
      read(next);
    }
    return true;
  }

  /** Begin of the first stored span behind the opened ones. */
  private long firstStored() {
    long[] first = {Long.MAX_VALUE};
    store.scan(
        (key, value) -> {
          long begin = begin(key);
          first[0] = begin > opened ? begin : Long.MAX_VALUE;
          return begin <= opened;
        });
    return first[0];
  }

  private static long begin(Bytes key) {
    return key.equals(SERIAL) ? Long.MAX_VALUE : begin(ByteBuffer.wrap(key.get()).getLong());
  }

  private void read(long span) {
    List<Bytes> keys = open.computeIfAbsent(span, s -> new ArrayList<>());
    store.scan(
        (key, value) -> {
          long begin = begin(key);
          if (begin == span) {
            keys.add(key);
            due.addAll(decode(key, value));
          }
          return begin <= span;
        });
  }

  private static List<Alarm> decode(Bytes key, byte[] value) {
    ByteBuffer of = ByteBuffer.wrap(key.get());
    long begin = of.getLong();
    if (value.length == 0) {
      return List.of(new Alarm(begin, address(of, of.remaining())));
    }
    List<Alarm> alarms = new ArrayList<>();
    ByteBuffer from = ByteBuffer.wrap(value);
    while (from.hasRemaining()) {
      long time = begin + from.getInt();
      alarms.add(new Alarm(time, address(from, from.get())));
    }
    return alarms;
  }

  private static Address address(ByteBuffer from, int length) {
    byte[] utf8 = new byte[length];
    from.get(utf8);
    return Address.parse(new String(utf8, StandardCharsets.UTF_8));
  }

  /** Writes what was set, and deletes the spans that are over, since it was last called. */
  void save() {
    long before = serial;
    unsaved.forEach(this::write);
    unsaved.clear();
    if (serial != before) {
      store.put(SERIAL, ByteBuffer.allocate(Long.BYTES).putLong(serial).array());
    }
    long first = due.isEmpty() ? Long.MAX_VALUE : begin(due.peek().time);
    while (!open.isEmpty() && open.firstKey() < first) {
      open.pollFirstEntry().getValue().forEach(store::delete);
    }
  }

  private void write(long begin, List<Alarm> alarms) {
    List<Alarm> waiting = alarms.stream().filter(a -> !a.rung).toList();
    for (int from = 0; from < waiting.size(); from += MOST_TOGETHER) {
      Bytes key = key(begin, ++serial);
      int to = Math.min(waiting.size(), from + MOST_TOGETHER);
      store.put(key, encode(begin, waiting.subList(from, to)));
      if (begin <= opened) {
        open.computeIfAbsent(begin, b -> new ArrayList<>()).add(key);
      } else {
        nextStored = Math.min(nextStored, begin);
      }
    }
  }

  private static byte[] encode(long begin, List<Alarm> alarms) {
    ByteBuffer to = ByteBuffer.allocate(alarms.size() * (Integer.BYTES + 1 + LONGEST_ADDRESS));
    for (Alarm alarm : alarms) {
      byte[] utf8 = alarm.address.toString().getBytes(StandardCharsets.UTF_8);
      to.putInt((int) (alarm.time - begin)).put((byte) utf8.length).put(utf8);
    }
    return Arrays.copyOf(to.array(), to.position());
  }

  private static Bytes key(long begin, long serial) {
    return Bytes.wrap(ByteBuffer.allocate(2 * Long.BYTES).putLong(begin).putLong(serial).array());
  }
}
