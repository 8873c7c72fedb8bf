package io.banstream.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.banstream.jails.JailRecords;
import io.banstream.jails.Policy;
import io.banstream.jails.Policy.Increment;
import io.banstream.jails.Policy.Scope;
import io.banstream.jails.Policy.Slow;
import io.banstream.schemas.Address;
import io.banstream.schemas.Attempt;
import io.banstream.schemas.Decision;
import io.banstream.schemas.Evidence;
import io.banstream.schemas.EvidenceFailure;
import io.banstream.schemas.PolicyRecord;
import io.banstream.schemas.Totals;
import io.banstream.schemas.UnbanOrder;
import io.banstream.schemas.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each rule of the design by its behaviour, through the topology as it runs. */
class RulesTest {
  private static final String ATTACKER = "192.0.2.1";
  private static final Instant NOON = Driven.NOON;

  private final Driven driven = new Driven();
  private long position;

  @AfterEach
  void close() {
    driven.close();
  }

  private static Policy policy(int maxretry, Scope scope, int ipv6prefix, String... ignoreip) {
    return new Policy(
        Duration.ofMinutes(10),
        Optional.of(Duration.ofHours(1)),
        maxretry,
        List.of(ignoreip).stream().map(Address::parse).toList(),
        scope,
        ipv6prefix,
        Increment.OFF,
        Duration.ofDays(1),
        Policy.Guard.DEFAULT,
        Optional.empty(),
        Optional.empty(),
        Policy.Trust.DEFAULT,
        Optional.empty(),
        0);
  }

  private static Policy fleet(int maxretry) {
    return policy(maxretry, Scope.FLEET, 128);
  }

  private static Instant at(long seconds) {
    return NOON.plusSeconds(seconds);
  }

  private void fail(long... seconds) {
    for (long s : seconds) {
      driven.fail("sasl", ATTACKER, "relay1", at(s));
    }
  }

  private Totals totals() {
    return driven.totals().get("0 sasl *");
  }

  @Test
  void theMaxretrythFailureOnWhicheverHostsMakesTheBan() {
    driven.policies(Map.of("sasl", fleet(3)));
    fail(0);
    driven.fail("sasl", ATTACKER, "relay2", at(10));
    assertThat(driven.decisions.isEmpty()).isTrue();
    fail(20);
    assertThat(driven.decisions.readKeyValuesToList())
        .singleElement()
        .satisfies(
            d -> {
              assertThat(d.key).isEqualTo("192.0.2.1 sasl *");
              assertThat(d.value)
                  .isEqualTo(
                      new Decision(
                          Verdict.BAN,
                          "sasl",
                          ATTACKER,
                          "*",
                          at(20),
                          at(3620),
                          1,
                          3,
                          1L,
                          false,
                          false));
            });
  }

  @Test
  void manyNamesMakeABanOfFewFailures() {
    PolicyRecord names = JailRecords.record("sasl", fleet(10));
    names.setUsersMaxnames(3);
    driven.policies(Map.of("sasl", JailRecords.policy(names)));
    for (String name : List.of("alice", "ALICE", "bob")) {
      fail(name, 10);
    }
    fail((String) null, 11);
    assertThat(driven.decisions.isEmpty()).isTrue();
    fail("carol", 700); // alice's and bob's are past findtime
    fail("dave", 710);
    assertThat(driven.decisions.isEmpty()).isTrue();
    fail("erin", 720);
    assertThat(driven.decisions.readValuesToList())
        .extracting(Decision::getFrom, Decision::getFailures)
        .containsExactly(tuple(at(720), 3));
  }

  private void fail(String user, long second) {
    Attempt attempt = Driven.attempt("sasl", ATTACKER, "relay1", at(second), ++position);
    attempt.setUser(user);
    driven.attempt(ATTACKER, attempt, at(second));
  }

  @Test
  void evidenceTellsTheFailuresOldestFirst() {
    driven.policies(Map.of("sasl", fleet(2)));
    fail(20, 10);
    assertThat(driven.evidence.readValue())
        .isEqualTo(
            new Evidence(
                "sasl",
                ATTACKER,
                "*",
                at(20),
                at(3620),
                List.of(
                    new EvidenceFailure(at(10), "relay1", "alice", "line 200", null),
                    new EvidenceFailure(at(20), "relay1", "alice", "line 100", null)),
                null,
                null,
                null));
  }

  @Test
  void slowGuessingFillsTheSecondWindowAndIsToldSo() {
    Policy slow =
        new Policy(
            Duration.ofMinutes(10),
            Optional.of(Duration.ofHours(1)),
            2,
            List.of(),
            Scope.FLEET,
            128,
            Increment.OFF,
            Duration.ofDays(1),
            Policy.Guard.OFF,
            Optional.of(new Slow(Duration.ofDays(7), 3)),
            Optional.empty(),
            Policy.Trust.DEFAULT,
            Optional.empty(),
            0);
    driven.policies(Map.of("sasl", slow));
    fail(0, 86_400, 3_600); // the last one late for findtime
    assertThat(driven.decisions.readValue())
        .isEqualTo(
            new Decision(
                Verdict.BAN,
                "sasl",
                ATTACKER,
                "*",
                at(86_400),
                at(90_000),
                1,
                3,
                1L,
                false,
                false));
    assertThat(driven.evidence.readValue())
        .isEqualTo(
            new Evidence(
                "sasl",
                ATTACKER,
                "*",
                at(86_400),
                at(90_000),
                List.of(
                    new EvidenceFailure(at(0), "relay1", null, "", null),
                    new EvidenceFailure(at(3_600), "relay1", null, "", null),
                    new EvidenceFailure(at(86_400), "relay1", "alice", "line 200", null)),
                null,
                null,
                Duration.ofDays(7).toMillis()));
    assertThat(totals().getLate()).isZero();
    fail(90_000, 90_001); // findtime's
    assertThat(driven.decisions.readValue().getFailures()).isEqualTo(2);
    assertThat(driven.evidence.readValue().getLongtimeMs()).isNull();
  }

  private static Policy recidive(int maxretry, String... jails) {
    return recidive(maxretry, Scope.FLEET, jails);
  }

  private static Policy recidive(int maxretry, Scope scope, String... jails) {
    return new Policy(
        Duration.ofDays(1),
        Optional.of(Duration.ofDays(7)),
        maxretry,
        List.of(),
        scope,
        128,
        Increment.OFF,
        Duration.ofDays(1),
        Policy.Guard.OFF,
        Optional.empty(),
        Optional.of(Set.of(jails)),
        Policy.Trust.DEFAULT,
        Optional.empty(),
        0);
  }

  @Test
  void ofTwoBansThatBeganTogetherAnUnbanForgetsTheLast() {
    driven.policies(Map.of("sasl", fleet(1), "recidive", recidive(3)));
    fail(0);
    driven.order(ATTACKER, new UnbanOrder(ATTACKER, null, true), at(0)); // it stays history
    fail(0);
    driven.unban(ATTACKER, at(0));
    fail(10);
    driven.order(ATTACKER, new UnbanOrder(ATTACKER, null, true), at(11));
    fail(20);
    assertThat(driven.decisions.readValuesToList())
        .filteredOn(d -> d.getJail().equals("recidive"))
        .extracting(Decision::getFrom, Decision::getFailures)
        .containsExactly(tuple(at(20), 3));
  }

  @Test
  void anOperatorsBanThatIsLiftedTakesNoOtherOutThatBeganWithIt() {
    driven.policies(Map.of("sasl", fleet(1), "recidive", recidive(2)));
    fail(0);
    driven.ban(ATTACKER, "sasl", at(20_000), at(0));
    driven.unban(ATTACKER, at(10));
    fail(20);
    assertThat(driven.decisions.readValuesToList())
        .filteredOn(d -> d.getJail().equals("recidive"))
        .extracting(Decision::getFrom, Decision::getFailures)
        .containsExactly(tuple(at(20), 2));
  }

  @Test
  void ofTwoBansThatBeganTogetherAnUnbanForgetsTheLastWhicheverHostsItWas() {
    driven.policies(Map.of("sasl", fleet(1), "recidive", recidive(2, Scope.HOST)));
    driven.fail("sasl", ATTACKER, "relay2", at(0));
    driven.order(ATTACKER, new UnbanOrder(ATTACKER, null, true), at(0)); // it stays history
    driven.fail("sasl", ATTACKER, "relay1", at(0));
    driven.unban(ATTACKER, at(0));
    driven.fail("sasl", ATTACKER, "relay2", at(20));
    assertThat(driven.decisions.readValuesToList())
        .filteredOn(d -> d.getJail().equals("recidive"))
        .extracting(Decision::getReach, Decision::getFrom, Decision::getFailures)
        .containsExactly(tuple("relay2", at(20), 2));
  }

  @Test
  void aJailMayCountTheBansOfOneJail() {
    driven.policies(Map.of("sasl", fleet(1), "sshd", fleet(1), "sasl-again", recidive(1, "sasl")));
    driven.fail("sshd", ATTACKER, "relay1", NOON);
    driven.fail("sasl", ATTACKER, "relay1", NOON);
    driven.fail("sasl-again", ATTACKER, "relay1", NOON); // reads no log
    assertThat(driven.decisions.readValuesToList())
        .extracting(Decision::getJail)
        .containsExactly("sshd", "sasl", "sasl-again");
    assertThat(driven.deadLetters.readValue().getWhy())
        .contains("jail = sasl-again, which reads no log");
  }

  @Test
  void anIpv6AddressCountsAsItsNetwork() {
    driven.policies(Map.of("sasl", policy(2, Scope.FLEET, 64)));
    for (String client : List.of("2001:db8::1", "2001:db8::2")) {
      driven.attempt(
          "2001:db8::/64", Driven.attempt("sasl", client, "relay1", NOON, client.length()), NOON);
      driven.attempt(
          "2001:db8::/64", Driven.attempt("sasl", client, "relay2", NOON, client.length()), NOON);
    }
    assertThat(driven.decisions.readValuesToList())
        .extracting(Decision::getAddress)
        .containsExactly("2001:db8::/64");
  }

  @Test
  void anIgnoredAddressIsCountedAsIgnoredNoMore() {
    driven.policies(Map.of("sasl", policy(1, Scope.FLEET, 128, "192.0.2.0/24")));
    fail(0);
    assertThat(driven.decisions.isEmpty()).isTrue();
    assertThat(totals())
        .extracting(Totals::getIgnored, Totals::getFailed, Totals::getLate)
        .containsExactly(1L, 0L, 0L);
  }

  @Test
  void failureDuringABanDoesNotCount() {
    driven.policies(Map.of("sasl", fleet(2)));
    fail(0, 1, 2, 3, 3599);
    assertThat(driven.decisions.readValuesToList()).hasSize(1);
    assertThat(totals().getLate()).isEqualTo(3);
  }

  @Test
  void failureOlderThanTheBanDoesNotCountEither() {
    driven.policies(Map.of("sasl", fleet(2)));
    fail(100, 101);
    driven.fail("sasl", ATTACKER, "relay2", at(50), at(102));
    assertThat(totals().getLate()).isEqualTo(1);
  }

  @Test
  void failureAtTheWindowsBeginIsLate() {
    driven.policies(Map.of("sasl", fleet(2)));
    fail(600);
    driven.fail("sasl", ATTACKER, "relay1", at(0), at(601));
    assertThat(driven.decisions.isEmpty()).isTrue();
    driven.fail("sasl", ATTACKER, "relay1", NOON.plusMillis(1), at(602));
    assertThat(driven.decisions.readValue().getFrom()).isEqualTo(at(600));
  }

  @Test
  void theNewestCountedTimeOutlivesAClear() {
    driven.policies(Map.of("sasl", fleet(2)));
    fail(1000);
    driven.unban(ATTACKER, at(1001));
    driven.fail("sasl", ATTACKER, "relay1", at(400), at(1002));
    assertThat(totals().getLate()).isEqualTo(1);
  }

  @Test
  void scopeHostCountsEachHostAloneAndBansThere() {
    driven.policies(Map.of("sasl", policy(2, Scope.HOST, 128)));
    fail(0);
    driven.fail("sasl", ATTACKER, "relay2", at(1));
    assertThat(driven.decisions.isEmpty()).isTrue();
    fail(2);
    assertThat(driven.decisions.readKeyValue().key).isEqualTo("192.0.2.1 sasl relay1");
  }

  @Test
  void bansAreFailuresOfRecidiveButNotAnOperators() {
    driven.policies(Map.of("sasl", fleet(1), "recidive", fleet(2)));
    driven.ban("192.0.2.1", "sasl", at(1), NOON);
    fail(2);
    driven.fail("sasl", ATTACKER, "relay2", at(3700));
    assertThat(driven.decisions.readValuesToList())
        .extracting(Decision::getJail, Decision::getNth)
        .containsExactly(tuple("sasl", 1), tuple("sasl", 2), tuple("sasl", 3));
    assertThat(driven.totals().get("0 recidive *").getFailed()).isEqualTo(2);
  }

  @Test
  void recidivesEvidenceNamesTheBans() {
    Policy day =
        new Policy(
            Duration.ofDays(1),
            Optional.of(Duration.ofDays(7)),
            2,
            List.of(),
            Scope.FLEET,
            128,
            Increment.OFF,
            Duration.ofDays(1),
            Policy.Guard.DEFAULT,
            Optional.empty(),
            Optional.empty(),
            Policy.Trust.DEFAULT,
            Optional.empty(),
            0);
    driven.policies(Map.of("sasl", fleet(1), "recidive", day));
    fail(0, 3600);
    assertThat(driven.evidence.readValuesToList())
        .last()
        .satisfies(
            e -> {
              assertThat(e.getJail()).isEqualTo("recidive");
              assertThat(e.getFailures())
                  .extracting(EvidenceFailure::getLine)
                  .containsExactly("sasl 2026-11-25T12:00:00Z", "sasl 2026-11-25T13:00:00Z");
            });
  }

  @Test
  void whatComesTwiceCountsOnce() {
    driven.policies(Map.of("sasl", fleet(3)));
    driven.failAt(100, "sasl", ATTACKER, "relay1", at(0));
    driven.failAt(200, "sasl", ATTACKER, "relay1", at(1));
    driven.failAt(100, "sasl", ATTACKER, "relay1", at(0));
    driven.failAt(200, "sasl", ATTACKER, "relay1", at(1));
    assertThat(driven.decisions.isEmpty()).isTrue();
    assertThat(totals().getRepeated()).isEqualTo(2);
  }

  @Test
  void aClockFarAheadIsTakenAsTheAppendTime() {
    driven.policies(Map.of("sasl", fleet(1)));
    driven.fail("sasl", ATTACKER, "relay1", at(301), NOON);
    driven.fail("sasl", "192.0.2.2", "relay1", at(300), NOON);
    assertThat(driven.decisions.readValuesToList())
        .extracting(Decision::getFrom)
        .containsExactly(NOON, at(300));
  }

  @Test
  void anOldLogsBanIsDecidedAndCountedAsPast() {
    driven.policies(Map.of("sasl", fleet(1)));
    driven.fail("sasl", ATTACKER, "relay1", at(-86_400), NOON);
    assertThat(driven.decisions.readValue().getUntil()).isEqualTo(at(-82_800));
    assertThat(totals()).extracting(Totals::getBanned, Totals::getPast).containsExactly(1L, 1L);
  }

  @Test
  void anUnbanEndsEveryReachAtItsTimeAndLeavesHistory() {
    driven.policies(Map.of("sasl", policy(1, Scope.HOST, 128)));
    fail(0);
    driven.fail("sasl", ATTACKER, "relay2", at(1));
    driven.ban(ATTACKER, "manual", null, at(2));
    driven.decisions.readValuesToList();
    driven.unban(ATTACKER, at(10));
    assertThat(driven.decisions.readValuesToList())
        .extracting(Decision::getVerdict, Decision::getJail, Decision::getReach, Decision::getFrom)
        .containsExactly(
            tuple(Verdict.UNBAN, "manual", "*", at(10)),
            tuple(Verdict.UNBAN, "sasl", "relay1", at(10)),
            tuple(Verdict.UNBAN, "sasl", "relay2", at(10)));
    fail(20);
    assertThat(driven.decisions.readValue().getNth()).isEqualTo(1);
  }

  @Test
  void anUnbanMayKeepHistory() {
    driven.policies(Map.of("sasl", fleet(1)));
    fail(0);
    driven.order(ATTACKER, new UnbanOrder(ATTACKER, null, true), at(10));
    fail(20);
    assertThat(driven.decisions.readValuesToList())
        .last()
        .extracting(Decision::getNth)
        .isEqualTo(2);
  }

  @Test
  void anAllowLiftsWhatItCoversAndHoldsUntilItsEnd() {
    driven.policies(Map.of("sasl", fleet(1)));
    fail(0);
    driven.allow("192.0.2.0/24", at(100), at(10));
    fail(20, 99);
    driven.fail("sasl", ATTACKER, "relay1", at(100));
    assertThat(driven.decisions.readValuesToList())
        .extracting(Decision::getVerdict, Decision::getFrom)
        .containsExactly(
            tuple(Verdict.BAN, at(0)), tuple(Verdict.UNBAN, at(10)), tuple(Verdict.BAN, at(100)));
  }

  @Test
  void aWithdrawnJailsBansAreLiftedAndSaidWhy() {
    driven.policies(Map.of("sasl", fleet(1), "sshd", fleet(1)));
    fail(0);
    driven.policies(Map.of("sshd", fleet(1)));
    assertThat(driven.decisions.readValuesToList())
        .last()
        .extracting(Decision::getVerdict, Decision::getPolicy)
        .containsExactly(Verdict.UNBAN, 2L);
    assertThat(driven.evidence.readValuesToList())
        .last()
        .extracting(Evidence::getWhy)
        .isEqualTo("jail withdrawn: because");
  }

  @Test
  void aTombstoneFollowsADayAfterTheBanIsOver() {
    driven.policies(Map.of("sasl", fleet(1)));
    fail(0);
    driven.decisions.readValuesToList();
    driven.fail("sasl", "192.0.2.9", "relay1", at(3600 + 86_399));
    assertThat(driven.decisions.readKeyValuesToMap()).containsOnlyKeys("192.0.2.9 sasl *");
    driven.fail("sasl", "192.0.2.9", "relay2", at(3600 + 86_401));
    assertThat(driven.decisions.readKeyValuesToMap()).containsEntry("192.0.2.1 sasl *", null);
  }

  @Test
  void failingIsCountedUntilTheWindowEnds() {
    driven.policies(Map.of("sasl", fleet(3)));
    fail(0);
    assertThat(totals())
        .extracting(Totals::getFailing, Totals::getFailingUntil)
        .containsExactly(1L, at(600));
    driven.fail("sshd", "192.0.2.9", "relay1", at(602)); // a dead letter, but time goes on
    assertThat(totals().getFailing()).isZero();
  }

  @Test
  void whatCannotBeReadOrBelievedIsADeadLetterAndTheRestGoesOn() {
    driven.policies(Map.of("sasl", fleet(1)));
    driven.raw("192.0.2.7", new byte[] {1, 2, 3}, NOON);
    driven.fail("unheard-of", ATTACKER, "relay1", NOON);
    driven.fail("recidive", ATTACKER, "relay1", NOON);
    driven.attempt("192.0.2.2", Driven.attempt("sasl", ATTACKER, "relay1", NOON, 5), NOON);
    driven.fail("sasl", ATTACKER, "*", NOON);
    driven.fail("sasl", ATTACKER, "relay1", Instant.ofEpochMilli(-1), NOON);
    driven.order("192.0.2.2", new UnbanOrder(ATTACKER, null, false), NOON);
    fail(1);
    assertThat(driven.deadLetters.readValuesToList())
        .extracting(d -> d.getWhy().replaceAll("unreadable.*", "unreadable"))
        .containsExactly(
            "unreadable",
            "jail = unheard-of, which has no policy in version 1",
            "jail = recidive, which reads no log",
            "address = 192.0.2.1, expected one address in key 192.0.2.2",
            "host = *, expected one host",
            "time = 1969-12-31T23:59:59.999Z, expected 1970 or later",
            "key = '192.0.2.2', expected 192.0.2.1");
    assertThat(driven.decisions.readValuesToList()).hasSize(1);
  }
}
