package io.banstream.processor;

import io.banstream.schemas.AvroSerde;
import io.banstream.schemas.Key;
import io.banstream.schemas.Totals;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** What this partition counted, by jail and host, and by jail for the whole fleet. */
final class TotalsBook {
  private final AvroSerde<Totals> serde = new AvroSerde<>(Totals.class, Optional.empty());
  private final Table<String> store;
  private final int partition;
  private final Map<JailReach, Line> lines = new HashMap<>();
  private final List<Line> untold = new ArrayList<>();
  private final List<Line> unsaved = new ArrayList<>();

  /** What {@link #failing} compares, kept for the next. */
  private final List<JailReach> was = new ArrayList<>();

  private final List<JailReach> is = new ArrayList<>();

  /** One line of the book. */
  private static final class Line {
    private final Totals totals;
    private boolean told = true;
    private boolean saved = true;

    Line(Totals totals) {
      this.totals = totals;
    }
  }

  TotalsBook(Table<String> store, int partition) throws Unbelievable {
    this.store = store;
    this.partition = partition;
    List<byte[]> kept = new ArrayList<>();
    store.scan((key, value) -> kept.add(value));
    for (byte[] value : kept) {
      Line line = new Line(Reading.decode(serde.deserializer(), value));
      lines.put(new JailReach(line.totals.getJail(), line.totals.getHost()), line);
      // What was counted last before a crash may not have been told.
      line.told = false;
      untold.add(line);
    }
  }

  /** Changes the fleet's and the host's totals alike. */
  void count(String jail, String host, Consumer<Totals> change) {
    count(JailReach.fleet(jail), change);
    count(new JailReach(jail, host), change);
  }

  void count(JailReach key, Consumer<Totals> change) {
    Line line = lines.computeIfAbsent(key, this::empty);
    change.accept(line.totals);
    if (line.told) {
      line.told = false;
      untold.add(line);
    }
    if (line.saved) {
      line.saved = false;
      unsaved.add(line);
    }
  }

  private Line empty(JailReach key) {
    return new Line(
        new Totals(partition, key.jail(), key.reach(), 0L, 0L, null, 0L, 0L, 0L, 0L, 0L));
  }

  /**
   * @param hosts with a failure behind the ban
   */
  void banned(Ban ban, List<String> hosts, Instant append) {
    Consumer<Totals> change =
        t -> {
          t.setBanned(t.getBanned() + 1);
          t.setPast(t.getPast() + (ban.holds(append) ? 0 : 1));
        };
    count(JailReach.fleet(ban.jail()), change);
    hosts.forEach(host -> count(new JailReach(ban.jail(), host), change));
  }

  /** Tells apart what failed before and what fails now of one address. */
  void failing(AddressState before, AddressState after, InForce inForce) {
    failing(before, was);
    failing(after, is);
    for (JailReach key : was) {
      if (!is.contains(key)) {
        count(key, TotalsBook::failsNoMore);
      }
    }
    for (JailReach key : is) {
      if (!was.contains(key)) {
        count(key, t -> t.setFailing(t.getFailing() + 1));
      }
    }
    for (Window window : after.windows()) {
      if (window.failing() && !before.windows().contains(window)) {
        prolong(window, Memory.end(window, inForce));
      }
    }
  }

  private void prolong(Window window, Instant end) {
    String jail = window.key().jail();
    prolong(JailReach.fleet(jail), end);
    for (Failure failure : window.failures()) {
      prolong(new JailReach(jail, failure.host()), end);
    }
  }

  private static void failsNoMore(Totals t) {
    t.setFailing(t.getFailing() - 1);
    if (t.getFailing() == 0) {
      t.setFailingUntil(null);
    }
  }

  private void prolong(JailReach key, Instant until) {
    Instant known = lines.get(key).totals.getFailingUntil();
    if (known == null || known.isBefore(until)) {
      count(key, t -> t.setFailingUntil(until));
    }
  }

  /** The jails and reaches that an address fails in, each once. */
  private static void failing(AddressState state, List<JailReach> found) {
    found.clear();
    for (Window window : state.windows()) {
      if (window.failing()) {
        String jail = window.key().jail();
        addOnce(found, JailReach.fleet(jail));
        for (Failure failure : window.failures()) {
          addOnce(found, new JailReach(jail, failure.host()));
        }
      }
    }
  }

  private static void addOnce(List<JailReach> list, JailReach key) {
    if (!list.contains(key)) {
      list.add(key);
    }
  }

  /** Writes what changed since it was last called. */
  void save() {
    for (Line line : unsaved) {
      line.saved = true;
      store.put(
          Key.of(line.totals.getJail(), line.totals.getHost()),
          serde.serializer().serialize(TaskStores.TOTALS, line.totals));
    }
    unsaved.clear();
  }

  /** What changed since it was last asked. */
  List<Totals> changes() {
    List<Totals> changes = new ArrayList<>();
    for (Line line : untold) {
      line.told = true;
      changes.add(Totals.newBuilder(line.totals).build());
    }
    untold.clear();
    return changes;
  }

  static String key(Totals totals) {
    return Key.of(Integer.toString(totals.getPartition()), totals.getJail(), totals.getHost());
  }
}
