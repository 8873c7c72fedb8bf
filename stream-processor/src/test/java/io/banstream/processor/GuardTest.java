package io.banstream.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.banstream.jails.JailRecords;
import io.banstream.jails.Policy;
import io.banstream.jails.Policy.Guard;
import io.banstream.jails.Policy.Increment;
import io.banstream.jails.Policy.Scope;
import io.banstream.schemas.Address;
import io.banstream.schemas.Alert;
import io.banstream.schemas.AllowOrder;
import io.banstream.schemas.AllowRecord;
import io.banstream.schemas.Attempt;
import io.banstream.schemas.AvroSerde;
import io.banstream.schemas.BanOrder;
import io.banstream.schemas.Command;
import io.banstream.schemas.Decision;
import io.banstream.schemas.PolicyMarker;
import io.banstream.schemas.PolicyRecord;
import io.banstream.schemas.Totals;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Rule 11 against a host that can't be trusted, and one that is only attacked: the records of one
 * task, as live and as in a replay.
 */
class GuardTest {
  private static final String POISONED = "relay1";
  private static final int PARTITIONS = 4;

  /** 2 x 500 / 4. */
  private static final int SHARE = 250;

  private static final int RETRIES = 3;
  private static final Policy SASL = policy(Duration.ofMinutes(10));
  private static final Policy RECIDIVE = policy(Duration.ofDays(1));

  private final AvroSerde<Attempt> attempts = new AvroSerde<>(Attempt.class, Optional.empty());
  private final AvroSerde<Command> commands = new AvroSerde<>(Command.class, Optional.empty());
  private final RecordRules.Tables tables = RecordRules.Tables.inHeap(2);
  private final List<Decision> decisions = new ArrayList<>();
  private final List<Alert> alerts = new ArrayList<>();
  private RecordRules rules = start();
  private Instant now = Driven.NOON;
  private long offset;

  private static Policy policy(Duration findtime) {
    return new Policy(
        findtime,
        Optional.of(Duration.ofMinutes(1)),
        RETRIES,
        List.of(),
        Scope.FLEET,
        128,
        Increment.OFF,
        Duration.ofDays(1),
        Guard.DEFAULT,
        Optional.empty(),
        Optional.empty(),
        Policy.Trust.DEFAULT,
        Optional.empty(),
        0);
  }

  private RecordRules start() {
    Output output =
        new Output(
            (sink, key, value, append) -> {
              if (value instanceof Decision decision) {
                decisions.add(decision);
              } else if (value instanceof Alert alert) {
                assertThat(key).isEqualTo(alert.getHost());
                alerts.add(alert);
              }
            });
    try {
      return new RecordRules(attempts.deserializer(), commands.deserializer(), tables, output);
    } catch (Unbelievable e) {
      throw new AssertionError(e);
    }
  }

  private void policies(Map<String, Policy> policies) throws Unbelievable {
    List<PolicyRecord> records =
        policies.entrySet().stream()
            .map(p -> JailRecords.record(p.getKey(), p.getValue()))
            .toList();
    order(new PolicyMarker(1L, records, PARTITIONS));
  }

  private void order(Object order) throws Unbelievable {
    order("", order);
  }

  private void order(String key, Object order) throws Unbelievable {
    Command command = new Command(now, "op", null, order);
    byte[] utf8 = key.getBytes(StandardCharsets.UTF_8);
    rules.command(utf8, commands.serializer().serialize("", command), offset++, now);
  }

  /** So many failures as make a ban. */
  private void attack(String host, String address) throws Unbelievable {
    attack(host, address, now);
  }

  private void attack(String host, String address, Instant said) throws Unbelievable {
    for (int i = 0; i < RETRIES; i++) {
      offset++;
      Attempt attempt = Driven.attempt("sasl", address, host, said, offset);
      byte[] key = address.getBytes(StandardCharsets.UTF_8);
      rules.attempt(key, attempts.serializer().serialize("", attempt), offset, now);
    }
  }

  private static String address(int number) {
    return String.format("2001:db8::%x:%x", 1 + number / 50_000, 1 + number % 50_000);
  }

  private Stream<Decision> decided(Predicate<Decision> which) {
    return decisions.stream().filter(which);
  }

  private static boolean onFleet(Decision d) {
    return d.getReach().equals("*") && !d.getLimited();
  }

  private static boolean onPoisonedAlone(Decision d) {
    return d.getReach().equals(POISONED) && d.getLimited();
  }

  @Test
  void whatIsSparedIsNotBannedButToldOnceADay() throws Exception {
    Guard sparing =
        new Guard(500, Duration.ofHours(1), false, List.of(Address.parse("192.0.2.0/25")));
    policies(Map.of("sasl", SASL.withGuard(sparing)));
    for (int hour = 0; hour < 30; hour++) {
      attack("relay1", "192.0.2." + hour);
      now = now.plus(Duration.ofHours(1));
      restart();
    }
    assertThat(decisions).isEmpty();
    assertThat(alerts)
        .extracting(Alert::getGuard, Alert::getHost, Alert::getJail, Alert::getAddress)
        .containsExactly(
            tuple("guard.spare", "*", "sasl", "192.0.2.0"),
            tuple("guard.spare", "*", "sasl", "192.0.2.24"));

    attack("relay1", "192.0.2.200");
    order("192.0.2.1", new BanOrder("192.0.2.1", "sasl", now.plusSeconds(60), null));
    assertThat(decisions)
        .extracting(Decision::getAddress)
        .containsExactly("192.0.2.200", "192.0.2.1");
  }

  @Test
  void aClockAheadIsToldOnceAnHour() throws Exception {
    policies(Map.of("sasl", SASL));
    attack("relay1", "192.0.2.1", now.plusSeconds(300));
    assertThat(alerts).isEmpty();
    attack("relay1", "192.0.2.2", now.plusSeconds(4_000));
    attack("relay2", "192.0.2.3", now.plusSeconds(301));
    assertThat(alerts)
        .extracting(Alert::getGuard, Alert::getHost, Alert::getCounted, Alert::getShare)
        .containsExactly(tuple("clock", "relay1", 4_000, 300), tuple("clock", "relay2", 301, 300));
    now = now.plus(Duration.ofHours(1));
    attack("relay1", "192.0.2.4", now.plusSeconds(4_000));
    assertThat(alerts).hasSize(3);
  }

  @Test
  void aHostThatSendsAHundredTimesItsUsualIsTold() throws Exception {
    policies(Map.of("sasl", SASL));
    for (int i = 0; i < 12; i++) {
      attack("relay1", address(i));
      now = now.plus(HostRates.SPAN);
    }
    restart();
    for (int i = 0; i < 200; i++) {
      attack("relay1", address(100 + i));
    }
    assertThat(alerts)
        .singleElement()
        .satisfies(
            a -> {
              assertThat(a.getGuard()).isEqualTo("flood");
              assertThat(a.getHost()).isEqualTo("relay1");
              assertThat(a.getCounted()).isEqualTo(301);
              assertThat(a.getShare()).isEqualTo(300);
            });
  }

  private void restart() {
    rules.save();
    rules = start();
  }

  @Test
  void whoForgesAHundredThousandAddressesBansItsShareOnTheOthersAndIsToldOnce() throws Exception {
    policies(Map.of("sasl", SASL));
    for (int i = 0; i < 100_000; i++) {
      now = now.plusMillis(30);
      attack(POISONED, address(i));
    }
    assertThat(decisions).hasSize(100_000);
    assertThat(decided(GuardTest::onFleet)).hasSize(SHARE);
    assertThat(decided(GuardTest::onPoisonedAlone)).hasSize(100_000 - SHARE);
    assertThat(alerts)
        .containsExactly(
            new Alert(
                Driven.NOON.plusMillis(30 * (SHARE + 1)),
                "guard.bans",
                POISONED,
                "sasl",
                address(SHARE),
                SHARE,
                SHARE,
                3_600_000L,
                2));
  }

  @Test
  void whatItForgesOfTheAllowListBansNobody() throws Exception {
    policies(Map.of("sasl", SASL));
    AllowRecord allow =
        new AllowRecord("2001:db8::/32", List.of("2001:db8::/32"), now, null, "op", null);
    order(new AllowOrder(allow));
    for (int i = 0; i < 1000; i++) {
      attack(POISONED, address(i));
    }
    assertThat(decisions).isEmpty();
    assertThat(rules.totals())
        .filteredOn(t -> t.getHost().equals("*"))
        .extracting(Totals::getIgnored)
        .containsExactly(1000L * RETRIES);
  }

  @Test
  void limitedBansAreNotLaunderedThroughRecidive() throws Exception {
    policies(Map.of("sasl", SASL, "recidive", RECIDIVE));
    for (int round = 0; round < 5; round++) { // within one hour
      for (int i = 0; i < 400; i++) {
        attack(POISONED, address(i));
      }
      now = now.plus(Duration.ofMinutes(9));
    }
    assertThat(decided(GuardTest::onFleet)).hasSize(SHARE);
    assertThat(decided(d -> d.getJail().equals("recidive")))
        .hasSizeGreaterThanOrEqualTo(400)
        .allMatch(GuardTest::onPoisonedAlone);
    assertThat(alerts).hasSize(1);
  }

  @Test
  void limitedBansHelpNoOtherHostsBanToMakeARepeatOffender() throws Exception {
    policies(Map.of("sasl", SASL, "recidive", RECIDIVE));
    for (int i = 0; i < SHARE; i++) {
      attack(POISONED, address(i));
    }
    for (int i = 0; i < RETRIES - 1; i++) {
      attack(POISONED, "192.0.2.1");
      now = now.plus(Duration.ofMinutes(2));
    }
    attack("relay2", "192.0.2.1");
    assertThat(decided(d -> d.getAddress().equals("192.0.2.1")))
        .extracting(Decision::getJail, Decision::getReach)
        .containsExactly(tuple("sasl", POISONED), tuple("sasl", POISONED), tuple("sasl", "*"));
  }

  @Test
  void bansThatReachTheOthersAreLimitedAsOneWhenTheyMakeRepeatOffenders() throws Exception {
    policies(Map.of("sasl", SASL, "recidive", RECIDIVE));
    for (int round = 0; round < RETRIES; round++) {
      for (int i = 0; i < 80; i++) { // 240 bans; recidive's are on top of them
        attack(POISONED, address(i));
      }
      now = now.plus(Duration.ofMinutes(9));
    }
    assertThat(decided(GuardTest::onFleet)).hasSize(SHARE);
  }

  @Test
  void anotherHostsWordReachesTheFleetAsBefore() throws Exception {
    policies(Map.of("sasl", SASL));
    for (int i = 0; i < 1000; i++) {
      attack(POISONED, address(i));
    }
    decisions.clear();
    attack("relay2", "192.0.2.1"); // one of its own
    attack("relay2", address(999)); // one that is limited to the poisoned host
    assertThat(decisions).hasSize(2).allMatch(GuardTest::onFleet);
  }

  @Test
  void aStormOnOneHostIsBannedThereAndWhatFollowsItEverywhere() throws Exception {
    policies(Map.of("sasl", SASL));
    for (int i = 0; i < 2000; i++) {
      now = now.plusMillis(1800);
      attack("relay1", address(i));
    }
    assertThat(decisions)
        .hasSize(2000)
        .allMatch(d -> d.getReach().equals("*") || d.getReach().equals("relay1"));
    assertThat(decisions).extracting(Decision::getAddress).doesNotHaveDuplicates();
    assertThat(alerts).extracting(Alert::getHost).containsExactly("relay1");
    now = now.plus(Duration.ofHours(1));
    decisions.clear();
    attack("relay1", "192.0.2.1");
    assertThat(decisions).hasSize(1).allMatch(GuardTest::onFleet);
  }

  @Test
  void withConfirmASecondHostMakesItTheFleets() throws Exception {
    Guard confirm = new Guard(500, Duration.ofHours(1), true, List.of());
    policies(Map.of("sasl", SASL.withGuard(confirm)));
    attack("relay1", "192.0.2.1");
    assertThat(decisions).hasSize(1).allMatch(GuardTest::onPoisonedAlone);
    Instant until = decisions.get(0).getUntil();
    now = now.plusSeconds(5);
    attack("relay2", "192.0.2.1");
    assertThat(decisions).hasSize(2);
    Decision confirmed = decisions.get(1);
    assertThat(onFleet(confirmed)).isTrue();
    assertThat(confirmed.getFrom()).isEqualTo(now);
    assertThat(confirmed.getUntil()).isEqualTo(until);
    assertThat(alerts).isEmpty();
  }

  @Test
  void aTaskThatStartsAgainKnowsWhatItHasCounted() throws Exception {
    policies(Map.of("sasl", SASL));
    for (int i = 0; i < SHARE; i++) {
      attack(POISONED, address(i));
    }
    rules.save();
    rules = start();
    attack(POISONED, address(SHARE));
    rules.save();
    rules = start();
    attack(POISONED, address(SHARE + 1));
    assertThat(decided(GuardTest::onPoisonedAlone)).hasSize(2);
    assertThat(alerts).hasSize(1);
  }

  @Test
  void aHostThatIsGoneIsForgotten() throws Exception {
    policies(Map.of("sasl", SASL));
    attack(POISONED, address(0));
    rules.save();
    assertThat(tables.guard().get(POISONED)).isNotNull();
    rules.forget(now.plus(Guard.LONGEST).minusMillis(1));
    assertThat(tables.guard().get(POISONED)).isNotNull();
    rules.forget(now.plus(Guard.LONGEST));
    assertThat(tables.guard().get(POISONED)).isNull();
  }
}
