package io.banstream.processor;

import io.banstream.schemas.Applied;
import io.banstream.schemas.Attempt;
import io.banstream.schemas.Command;
import io.banstream.schemas.Outcome;
import io.banstream.schemas.Totals;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.utils.Bytes;

/**
 * One partition's records, in their order, through the rules: the same live and in a replay.
 *
 * <p>One that can't be read or believed raises {@link Unbelievable}, and changes nothing but its
 * position.
 */
final class RecordRules {
  /** Bytes of attempts that are kept for the evidence of bans: some 15,000. */
  private static final int NEWEST = 4 << 20;

  /** In the table of what is in force: the offset of the attempt that comes next. */
  private static final String NEXT = "next attempt";

  private final Deserializer<Attempt> attempts;
  private final Deserializer<Command> commands;
  private final Names names = new Names();
  private final AddressStore addresses;
  private final Positions positions;
  private final TotalsBook totals;
  private final GuardRule guard;
  private final HostRates rates;
  private final ToldLately told;
  private final HostWatch watch;
  private final NetworkBook networks;
  private final FailureStep failures;
  private final SuccessStep successes;
  private final OrderStep orders;
  private final AlarmStep alarms;
  private final AttemptRing newest = new AttemptRing(NEWEST);
  private final Output output;
  private final Tables tables;

  /** Offset of the attempt that comes next, and as it is saved. */
  private long next;

  private long savedNext;

  /**
   * What the rules know, each as {@link TaskStores} says.
   *
   * @param partition whose it is
   */
  record Tables(
      int partition,
      Table<String> addresses,
      Table<Bytes> alarms,
      Table<String> positions,
      Table<String> inForce,
      Table<String> totals,
      Table<String> guard,
      Table<String> networks,
      Table<String> watch) {
    /** Empty ones, in the heap. */
    static Tables inHeap(int partition) {
      return new Tables(
          partition,
          Table.inHeap(),
          Table.inHeap(),
          Table.inHeap(),
          Table.inHeap(),
          Table.inHeap(),
          Table.inHeap(),
          Table.inHeap(),
          Table.inHeap());
    }
  }

  /**
   * @throws Unbelievable if the tables hold what can't be read
   */
  RecordRules(
      Deserializer<Attempt> attempts, Deserializer<Command> commands, Tables tables, Output output)
      throws Unbelievable {
    this.attempts = attempts;
    this.commands = commands;
    this.output = output;
    this.tables = tables;
    byte[] known = tables.inForce().get(NEXT);
    next = known == null ? 0 : ByteBuffer.wrap(known).getLong();
    savedNext = next;
    InForceStore inForce = new InForceStore(tables.inForce());
    totals = new TotalsBook(tables.totals(), tables.partition());
    addresses = new AddressStore(tables.addresses(), tables.alarms(), names);
    positions = new Positions(tables.positions());
    guard = new GuardRule(tables.guard());
    rates = new HostRates(tables.watch());
    told = new ToldLately(tables.watch());
    watch = new HostWatch(tables.partition(), inForce, rates, told, output);
    BanRules rules = new BanRules(guard, told);
    networks = new NetworkBook(tables.networks());
    NetworkNotes notes = new NetworkNotes(inForce, output);
    Rulings rulings = new Rulings(tables.partition(), inForce, totals, notes, output);
    failures = new FailureStep(rules, inForce, addresses, this::line, totals, rulings);
    AddressChange change = new AddressChange(inForce, addresses, totals);
    successes = new SuccessStep(inForce, change);
    NetworkStep noted =
        new NetworkStep(tables.partition(), inForce, networks, change, totals, output);
    orders =
        new OrderStep(rules, inForce, addresses, change, totals, rulings, notes, noted, output);
    alarms = new AlarmStep(inForce, addresses, totals, output);
  }

  /**
   * @return whether it made a ban
   */
  boolean attempt(byte[] key, byte[] value, long offset, Instant append) throws Unbelievable {
    next = offset + 1;
    Sighting sighting = Sighting.read(attempts, names, key, value, offset, append);
    boolean failed = sighting.outcome() != Outcome.SUCCESS;
    if (failed) {
      newest.put(offset, value);
    }
    String host = sighting.host();
    if (!positions.advance(host, sighting.jail(), sighting.position(), append)) {
      if (failed) {
        totals.count(sighting.jail(), host, t -> t.setRepeated(t.getRepeated() + 1));
      }
      return false;
    }
    watch.seen(sighting, append);
    if (failed) {
      return failures.take(sighting, append);
    }
    successes.take(sighting, append);
    return false;
  }

  /**
   * Tells between which attempts it comes: Streams takes two topics' records in the order of their
   * times only as far as it has fetched them, so no other order is known afterwards.
   */
  void command(byte[] key, byte[] value, long offset, Instant append) throws Unbelievable {
    output.applied(new Applied(tables.partition(), offset, next), append);
    orders.take(Reading.key(key), Reading.decode(commands, value), append);
  }

  private Optional<LoggedLine> line(long offset) {
    return newest
        .get(offset)
        .map(value -> attempts.deserialize("", value))
        .map(a -> new LoggedLine(Optional.ofNullable(a.getUser()), a.getLine()));
  }

  /** What time alone brings; to be called every second or so of append time. */
  void ring(Instant append) {
    alarms.ring(append);
  }

  /**
   * Drops what is of hosts that are gone, and of bans long over; to be called every hour or so of
   * append time.
   */
  void forget(Instant append) {
    positions.forget(append);
    guard.forget(append);
    rates.forget(append);
    told.forget(append);
    networks.forget(append);
  }

  /** Puts into the tables what changed since it was last called. */
  void save() {
    addresses.save();
    positions.save();
    totals.save();
    guard.save();
    rates.save();
    told.save();
    networks.save();
    if (next != savedNext) {
      savedNext = next;
      tables.inForce().put(NEXT, ByteBuffer.allocate(Long.BYTES).putLong(next).array());
    }
  }

  /** The totals that changed since it was last asked. */
  List<Totals> totals() {
    return totals.changes();
  }
}
