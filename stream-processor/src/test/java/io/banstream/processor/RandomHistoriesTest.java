package io.banstream.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.banstream.jails.BanFormula;
import io.banstream.jails.JailRecords;
import io.banstream.jails.Policy;
import io.banstream.jails.Policy.Increment;
import io.banstream.jails.Policy.Scope;
import io.banstream.jails.Policy.Slow;
import io.banstream.jails.Policy.Subnet;
import io.banstream.schemas.Address;
import io.banstream.schemas.AllowOrder;
import io.banstream.schemas.AllowRecord;
import io.banstream.schemas.Attempt;
import io.banstream.schemas.BanOrder;
import io.banstream.schemas.Command;
import io.banstream.schemas.DisallowOrder;
import io.banstream.schemas.Imported;
import io.banstream.schemas.Outcome;
import io.banstream.schemas.PolicyMarker;
import io.banstream.schemas.PolicyRecord;
import io.banstream.schemas.Position;
import io.banstream.schemas.Totals;
import io.banstream.schemas.UnbanOrder;
import io.banstream.testkit.BanModel;
import io.banstream.testkit.BanModel.Tally;
import io.banstream.testkit.ModelDecision;
import io.banstream.testkit.ModelEvent;
import io.banstream.testkit.ModelPolicy;
import io.banstream.testkit.RandomHistory;
import io.banstream.testkit.Recorded;
import io.banstream.testkit.Shrink;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;

/**
 * The topology against an independent model, on random histories; a history that differs is printed
 * with its seed, shrunk. More of them: {@code -Dbanstream.histories=5000}; longer ones, of up to so
 * many events: {@code -Dbanstream.length=5000}.
 */
class RandomHistoriesTest {
  private static final int LENGTH = 150;

  /** For a host to pass its share. */
  private static final int LONG_ENOUGH = 600;

  private static final Comparator<ModelEvent.Position> ORDER =
      Comparator.comparingLong(ModelEvent.Position::generation)
          .thenComparingLong(ModelEvent.Position::offset)
          .thenComparingInt(ModelEvent.Position::ordinal);

  @Test
  void decidesAndCountsWhatTheModelDoes() {
    compare(seed -> RandomHistory.of(seed, length(seed, LENGTH)));
  }

  @Test
  void decidesByTheGuardWhatTheModelDoes() {
    compare(seed -> RandomHistory.guarded(seed, longEnough(seed)));
  }

  @Test
  void decidesByLoginsThatSucceededWhatTheModelDoes() {
    compare(seed -> RandomHistory.succeeding(seed, longEnough(seed)));
  }

  private static int longEnough(long seed) {
    return length(seed, seed % 4 == 0 ? LONG_ENOUGH : LENGTH);
  }

  private static int length(long seed, int usual) {
    Integer most = Integer.getInteger("banstream.length");
    return most == null ? usual : 1 + new SplittableRandom(seed).nextInt(most);
  }

  private static void compare(LongFunction<List<ModelEvent>> histories) {
    int count = Integer.getInteger("banstream.histories", 40);
    long first = Long.getLong("banstream.seed", 1);
    for (long seed = first; seed < first + count; seed++) {
      List<ModelEvent> history = histories.apply(seed);
      if (differs(history)) {
        List<ModelEvent> shortest = Shrink.failing(history, h -> rises(h) && differs(h));
        StringBuilder text = new StringBuilder("seed " + seed + ":");
        shortest.forEach(e -> text.append('\n').append(e));
        assertThat(Outcomes.ofTopology(shortest))
            .as(text.toString())
            .isEqualTo(Outcomes.ofModel(shortest));
      }
    }
  }

  private static boolean differs(List<ModelEvent> history) {
    return !Outcomes.ofTopology(history).equals(Outcomes.ofModel(history));
  }

  /**
   * Whether what is no repetition rises, as an agent's positions do; a part of a history may not.
   */
  private static boolean rises(List<ModelEvent> history) {
    Map<String, ModelEvent.Position> highest = new HashMap<>();
    Set<String> seen = new HashSet<>();
    for (ModelEvent event : history) {
      if (event instanceof ModelEvent.Login f) {
        String count = f.host() + " " + f.jail() + " " + f.position().incarnation();
        ModelEvent.Position known = highest.getOrDefault(count, f.position());
        if (seen.add(count + f.position()) && ORDER.compare(f.position(), known) < 0) {
          return false;
        }
        highest.merge(count, f.position(), (a, b) -> ORDER.compare(a, b) < 0 ? b : a);
      }
    }
    return true;
  }

  /** What a history came to. */
  private record Outcomes(
      Map<String, List<ModelDecision>> decisions,
      Map<String, Map<Tally, Long>> tallies,
      List<BanModel.Alert> alerts) {

    static Outcomes ofModel(List<ModelEvent> history) {
      BanModel model = new BanModel();
      history.forEach(model::acceptAlone);
      Map<String, Map<Tally, Long>> tallies = new TreeMap<>();
      for (String jail : List.of("sasl", "sshd", "dovecot", "recidive", "sasl-recidive")) {
        Map<Tally, Long> counted = new TreeMap<>();
        for (Tally tally : Tally.values()) {
          counted.put(tally, model.tally(jail, tally));
        }
        tallies.put(jail, counted);
      }
      return new Outcomes(ModelDecision.byAddress(model.decisions()), tallies, model.alerts());
    }

    static Outcomes ofTopology(List<ModelEvent> history) {
      try (Driven driven = new Driven()) {
        Map<String, Integer> prefixes = new HashMap<>();
        history.forEach(event -> pipe(driven, event, prefixes));
        List<ModelDecision> decisions =
            driven.decisions.readValuesToList().stream()
                .filter(Objects::nonNull) // tombstones
                .map(Recorded::decision)
                .toList();
        Map<String, Totals> totals = driven.totals();
        Map<String, Map<Tally, Long>> tallies = new TreeMap<>();
        for (String jail : List.of("sasl", "sshd", "dovecot", "recidive", "sasl-recidive")) {
          tallies.put(jail, tallies(totals.get("0 " + jail + " *")));
        }
        List<BanModel.Alert> alerts =
            driven.alerts.readValuesToList().stream()
                .map(a -> new BanModel.Alert(a.getGuard(), a.getHost(), a.getJail()))
                .toList();
        return new Outcomes(ModelDecision.byAddress(decisions), tallies, alerts);
      }
    }

    private static Map<Tally, Long> tallies(Totals totals) {
      Totals t = totals == null ? new Totals(0, "", "", 0L, 0L, null, 0L, 0L, 0L, 0L, 0L) : totals;
      return new TreeMap<>(
          Map.of(
              Tally.FAILED, t.getFailed(),
              Tally.BANNED, t.getBanned(),
              Tally.IGNORED, t.getIgnored(),
              Tally.LATE, t.getLate(),
              Tally.PAST, t.getPast(),
              Tally.REPEATED, t.getRepeated()));
    }
  }

  /**
   * @param prefixes each jail's ipv6prefix, as the agents know it
   */
  private static void pipe(Driven driven, ModelEvent event, Map<String, Integer> prefixes) {
    Instant at = event.appended();
    if (event instanceof ModelEvent.Login f) {
      ModelEvent.Position p = f.position();
      boolean failed = f instanceof ModelEvent.Failure;
      Attempt attempt =
          new Attempt(
              failed ? Outcome.FAILURE : Outcome.SUCCESS,
              f.jail(),
              f.address(),
              f.host(),
              f.time(),
              new Position(p.incarnation(), p.source(), p.generation(), p.offset(), p.ordinal()),
              f instanceof ModelEvent.Failure failure && !failure.user().isEmpty()
                  ? failure.user()
                  : null,
              "line");
      Address counted = Address.parse(f.address()).counted(prefixes.getOrDefault(f.jail(), 128));
      driven.attempt(counted.toString(), attempt, at);
    } else if (event instanceof ModelEvent.Ban b) {
      BanOrder order =
          new BanOrder(
              b.address(),
              b.jail(),
              b.until().orElse(null),
              b.imported().map(i -> new Imported(i.from(), i.host())).orElse(null));
      driven.commands.pipeInput(b.address(), command(b.time(), order), at);
    } else if (event instanceof ModelEvent.Unban u) {
      UnbanOrder order = new UnbanOrder(u.address(), u.jail().orElse(null), u.keepHistory());
      driven.commands.pipeInput(u.address(), command(u.time(), order), at);
    } else if (event instanceof ModelEvent.Allow a) {
      AllowRecord allow =
          new AllowRecord(
              a.target(), a.networks(), a.time(), a.until().orElse(null), "operator", null);
      driven.commands.pipeInput("", command(a.time(), new AllowOrder(allow)), at);
    } else if (event instanceof ModelEvent.Disallow d) {
      driven.commands.pipeInput("", command(d.time(), new DisallowOrder(d.target())), at);
    } else if (event instanceof ModelEvent.Marker m) {
      m.policies().forEach(p -> prefixes.put(p.jail(), p.ipv6prefix()));
      List<PolicyRecord> policies = m.policies().stream().map(RandomHistoriesTest::record).toList();
      driven.commands.pipeInput(
          "", command(m.time(), new PolicyMarker(m.version(), policies, m.partitions())), at);
    }
  }

  private static Command command(Instant time, Object order) {
    return new Command(time, "operator", null, order);
  }

  private static PolicyRecord record(ModelPolicy p) {
    ModelPolicy.Increment i = p.increment();
    return JailRecords.record(
        p.jail(),
        new Policy(
            p.findtime(),
            p.bantime(),
            p.maxretry(),
            p.ignoreip().stream().map(Address::parse).toList(),
            p.perHost() ? Scope.HOST : Scope.FLEET,
            p.ipv6prefix(),
            new Increment(
                i.enabled(),
                i.factor(),
                i.multipliers(),
                i.maxtime(),
                i.rndtime(),
                i.overalljails(),
                i.formula().map(BanFormula::parse)),
            p.dbpurgeage(),
            new Policy.Guard(
                p.guard().bans(),
                p.guard().time(),
                p.guard().confirm(),
                p.guard().spare().stream().map(Address::parse).toList()),
            p.slow().map(s -> new Slow(s.longtime(), s.longretry())),
            p.bansOf(),
            new Policy.Trust(p.trust().forgive(), p.trust().known()),
            p.subnet().map(s -> new Subnet(s.maxbans(), s.prefix4(), s.prefix6())),
            p.maxnames()));
  }
}
