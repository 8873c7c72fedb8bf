package io.banstream.testkit;

import static io.banstream.testkit.ModelDecision.Verdict.BAN;
import static io.banstream.testkit.ModelDecision.Verdict.UNBAN;
import static org.assertj.core.api.Assertions.assertThat;

import io.banstream.testkit.BanModel.Alert;
import io.banstream.testkit.BanModel.Tally;
import io.banstream.testkit.ModelPolicy.Guard;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Small histories of rule 11; times are seconds after a start, of the log and of the broker. */
class ModelGuardTest {
  private static final Instant START = Instant.parse("2026-11-25T03:00:00Z");
  private static final String A = "192.0.2.1";
  private static final Guard TEN = new Guard(10, Duration.ofSeconds(100), false, List.of());
  private static final Guard CONFIRM = new Guard(500, Duration.ofSeconds(100), true, List.of());
  private static final ModelPolicy SASL =
      ModelPolicy.of("sasl", 2, Duration.ofSeconds(100), Duration.ofSeconds(1000)).withGuard(TEN);
  private static final ModelPolicy RECIDIVE =
      ModelPolicy.of("recidive", 2, Duration.ofSeconds(10_000), Duration.ofSeconds(50_000))
          .withGuard(TEN);

  private final BanModel model = new BanModel();
  private long offset;
  private long appended;

  @Test
  void pastItsShareAHostsWordReachesThatHostAlone() {
    policies(1, SASL);
    othersBannedBy("relay1", 20);
    fail("relay1", "sasl", 1);
    assertThat(fail("relay1", "sasl", 2))
        .containsExactly(ban("sasl", "relay1", 2, 1002, 1, 2, true));
    assertThat(model.tally("sasl", Tally.BANNED)).isEqualTo(21);
  }

  @Test
  void aBanOfTwoHostsIsOnNobodysWordAlone() {
    policies(1, SASL);
    othersBannedBy("relay1", 20);
    fail("relay2", "sasl", 1);
    assertThat(fail("relay1", "sasl", 2)).containsExactly(ban("sasl", "*", 2, 1002, 1, 2, false));
  }

  @Test
  void anotherHostsBansAreNotCounted() {
    policies(1, SASL);
    othersBannedBy("relay1", 20);
    fail("relay2", "sasl", 1);
    assertThat(fail("relay2", "sasl", 2)).containsExactly(ban("sasl", "*", 2, 1002, 1, 2, false));
  }

  @Test
  void aShareIsTwiceTheLimitAmongThePartitionsButTwenty() {
    ModelPolicy wide = SASL.withGuard(new Guard(125, Duration.ofSeconds(100), false, List.of()));
    policies(12, wide); // 2 * 125 / 12 = 20
    othersBannedBy("relay1", 19);
    assertThat(fail("relay1", "sasl", 1, 2)).extracting(ModelDecision::reach).containsExactly("*");
    policies(11, wide); // 22
    assertThat(failOther("relay1", 101)).extracting(ModelDecision::reach).containsExactly("*");
    assertThat(failOther("relay1", 102)).extracting(ModelDecision::reach).containsExactly("*");
    assertThat(failOther("relay1", 103)).extracting(ModelDecision::reach).containsExactly("relay1");
    policies(10, wide); // 25
    assertThat(failOther("relay1", 104)).extracting(ModelDecision::reach).containsExactly("*");
  }

  @Test
  void whatWasAppendedGuardTimeAgoIsNoLongerCounted() {
    policies(1, SASL);
    othersBannedBy("relay1", 20);
    appended = 99;
    assertThat(failOther("relay1", 101)).extracting(ModelDecision::limited).containsExactly(true);
    appended = 100;
    assertThat(failOther("relay1", 102)).extracting(ModelDecision::limited).containsExactly(false);
  }

  @Test
  void guardBansZeroIsNoLimitButItsBansAreRemembered() {
    policies(1, SASL.withGuard(Guard.OFF));
    othersBannedBy("relay1", 25);
    assertThat(failOther("relay1", 101)).extracting(ModelDecision::limited).containsExactly(false);
    policies(1, SASL);
    assertThat(failOther("relay1", 102)).extracting(ModelDecision::limited).containsExactly(true);
  }

  @Test
  void aJailOfScopeHostIsNeitherCountedNorLimited() {
    policies(1, SASL.withScopeHost());
    othersBannedBy("relay1", 25);
    assertThat(fail("relay1", "sasl", 1, 2))
        .containsExactly(ban("sasl", "relay1", 2, 1002, 1, 2, false));
    policies(1, SASL);
    assertThat(failOther("relay1", 101)).extracting(ModelDecision::limited).containsExactly(false);
  }

  @Test
  void aLimitedBanLeavesTheOtherHostsCountingFromNothing() {
    policies(1, SASL);
    othersBannedBy("relay1", 20);
    fail("relay1", "sasl", 1, 2, 3);
    assertThat(model.tally("sasl", Tally.LATE)).isEqualTo(1);
    assertThat(fail("relay2", "sasl", 3)).isEmpty();
    assertThat(fail("relay2", "sasl", 4)).containsExactly(ban("sasl", "*", 4, 1004, 1, 2, false));
    assertThat(unban(10))
        .containsExactly(
            decision(UNBAN, "sasl", "*", 10, 10, 1, 0, false),
            decision(UNBAN, "sasl", "relay1", 10, 10, 1, 0, true));
  }

  @Test
  void limitedBansAreCountedByTheirOwnReach() {
    policies(1, SASL);
    fail("relay1", "sasl", 1, 2);
    othersBannedBy("relay1", 19);
    assertThat(fail("relay1", "sasl", 1002, 1003))
        .containsExactly(ban("sasl", "relay1", 1003, 2003, 1, 2, true));
    assertThat(fail("relay1", "sasl", 2003, 2004))
        .containsExactly(ban("sasl", "relay1", 2004, 3004, 2, 2, true));
  }

  @Test
  void limitedBansMakeARepeatOffenderOnTheirHostOnly() {
    policies(1, SASL, RECIDIVE);
    fail("relay1", "sasl", 1, 2);
    othersBannedBy("relay1", 19);
    assertThat(fail("relay1", "sasl", 1002, 1003)).hasSize(1);
    assertThat(fail("relay1", "sasl", 2003, 2004))
        .containsExactly(
            ban("sasl", "relay1", 2004, 3004, 2, 2, true),
            ban("recidive", "relay1", 2004, 52_004, 1, 2, true));
    assertThat(model.alerts()).containsExactly(new Alert("guard.bans", "relay1", "sasl"));
  }

  @Test
  void aRepeatOffenderOnOneHostsWordIsLimitedByTheSameCount() {
    // The 20 bans of sasl are appended too early for sasl, not for recidive.
    Guard longer = new Guard(10, Duration.ofSeconds(5000), false, List.of());
    policies(1, SASL, RECIDIVE.withGuard(longer));
    fail("relay1", "sasl", 1, 2);
    othersBannedBy("relay1", 19);
    appended = 1000;
    assertThat(fail("relay1", "sasl", 1002, 1003))
        .containsExactly(
            ban("sasl", "*", 1003, 2003, 2, 2, false),
            ban("recidive", "relay1", 1003, 51_003, 1, 2, true));
    assertThat(model.alerts()).containsExactly(new Alert("guard.bans", "relay1", "recidive"));
  }

  @Test
  void aRepeatOffenderOfTwoHostsReachesTheFleet() {
    policies(1, SASL, RECIDIVE.withGuard(CONFIRM));
    fail("relay1", "sasl", 1, 2);
    assertThat(fail("relay2", "sasl", 1002, 1003))
        .containsExactly(
            ban("sasl", "*", 1003, 2003, 2, 2, false),
            ban("recidive", "*", 1003, 51_003, 1, 2, false));
  }

  @Test
  void aBanOfScopeHostSpeaksForItsHostInRecidive() {
    policies(1, SASL.withScopeHost(), RECIDIVE.withGuard(CONFIRM));
    fail("relay1", "sasl", 1, 2);
    assertThat(fail("relay1", "sasl", 1002, 1003))
        .containsExactly(
            ban("sasl", "relay1", 1003, 2003, 2, 2, false),
            ban("recidive", "relay1", 1003, 51_003, 1, 2, true));
  }

  @Test
  void anImportedBanIsCountedForItsHostButNeverLimited() {
    policies(1, SASL);
    othersBannedBy("relay1", 19);
    assertThat(imported("relay1", 2)).containsExactly(ban("sasl", "*", 2, 900, 1, 0, false));
    assertThat(failOther("relay1", 101)).extracting(ModelDecision::limited).containsExactly(true);
    unban(10);
    assertThat(imported("relay1", 20)).containsExactly(ban("sasl", "*", 20, 900, 1, 0, false));
  }

  @Test
  void anImportedBanSpeaksForItsHostInRecidive() {
    policies(1, SASL, RECIDIVE.withGuard(CONFIRM));
    imported("relay1", 2);
    assertThat(fail("relay1", "sasl", 1002, 1003))
        .contains(ban("recidive", "relay1", 1003, 51_003, 1, 2, true));
  }

  @Test
  void anImportedBanDuringALimitedOneOfItsHostIsLate() {
    policies(1, SASL.withGuard(CONFIRM));
    fail("relay1", "sasl", 1, 2);
    assertThat(imported("relay1", 3)).isEmpty();
    assertThat(model.tally("sasl", Tally.LATE)).isEqualTo(1);
  }

  @Test
  void aBanOfAJailThatHadScopeHostStillStopsItsHostsFailures() {
    policies(1, SASL.withScopeHost());
    fail("relay1", "sasl", 1, 2);
    policies(1, SASL);
    fail("relay1", "sasl", 3);
    assertThat(model.tally("sasl", Tally.LATE)).isEqualTo(1);
    fail("relay2", "sasl", 3);
    assertThat(model.tally("sasl", Tally.FAILED)).isEqualTo(3);
  }

  @Test
  void aSecondHostConfirmsABanThatStayedOnTheFirst() {
    policies(1, SASL.withGuard(CONFIRM));
    assertThat(fail("relay1", "sasl", 1, 2))
        .containsExactly(ban("sasl", "relay1", 2, 1002, 1, 2, true));
    assertThat(fail("relay2", "sasl", 50)).containsExactly(ban("sasl", "*", 50, 1002, 1, 1, false));
    assertThat(fail("relay3", "sasl", 51)).isEmpty();
    assertThat(model.tally("sasl", Tally.FAILED)).isEqualTo(3);
    assertThat(model.tally("sasl", Tally.LATE)).isEqualTo(1);
    assertThat(model.alerts()).isEmpty();
  }

  @Test
  void aFailureTooOldForTheFleetsWindowConfirmsNothing() {
    policies(1, SASL.withGuard(CONFIRM));
    fail("relay1", "sasl", 150, 200);
    assertThat(fail("relay2", "sasl", 100)).isEmpty();
    assertThat(model.tally("sasl", Tally.LATE)).isEqualTo(1);
    // Older than the limited ban, yet in time: as in rule 3.
    assertThat(fail("relay2", "sasl", 101))
        .containsExactly(ban("sasl", "*", 101, 1200, 1, 1, false));
  }

  @Test
  void aConfirmedBanLastsAsLongAsTheLatestThatItConfirms() {
    policies(1, SASL.withGuard(CONFIRM));
    fail("relay1", "sasl", 1, 2); // until 1002
    fail("relay2", "sasl", 1003, 1004); // until 2004
    assertThat(fail("relay3", "sasl", 1001)) // both hold
        .containsExactly(ban("sasl", "*", 1001, 2004, 1, 1, false));
  }

  @Test
  void aConfirmedBanIsOnNobodysWordInRecidive() {
    policies(1, SASL.withGuard(CONFIRM), RECIDIVE.withGuard(CONFIRM));
    fail("relay1", "sasl", 1, 2);
    fail("relay2", "sasl", 50); // fleet's, until 1002
    fail("relay1", "sasl", 1002, 1003);
    assertThat(fail("relay2", "sasl", 1050))
        .startsWith(ban("sasl", "*", 1050, 2003, 2, 1, false))
        .last()
        // relay1 has two limited bans: recidive's own holds there, and this confirms it.
        .isEqualTo(ban("recidive", "*", 1050, 51_003, 1, 1, false));
  }

  @Test
  void anAlertIsTheFirstOfARunOfLimitedBans() {
    policies(1, SASL);
    othersBannedBy("relay1", 20);
    failOther("relay1", 101);
    failOther("relay1", 102);
    assertThat(model.alerts()).containsExactly(new Alert("guard.bans", "relay1", "sasl"));
    appended = 200;
    othersBannedBy("relay1", 20, 110);
    failOther("relay1", 103);
    assertThat(model.alerts())
        .containsExactly(
            new Alert("guard.bans", "relay1", "sasl"), new Alert("guard.bans", "relay1", "sasl"));
  }

  private void policies(int partitions, ModelPolicy... policies) {
    model.accept(new ModelEvent.Marker(now(), START, 1, List.of(policies), partitions));
  }

  private void othersBannedBy(String host, int addresses) {
    othersBannedBy(host, addresses, 1);
  }

  private void othersBannedBy(String host, int addresses, int first) {
    for (int i = first; i < first + addresses; i++) {
      assertThat(failOther(host, i)).hasSize(1);
    }
  }

  /** What two failures of another address decide. */
  private List<ModelDecision> failOther(String host, int number) {
    fail(host, "sasl", "198.51.100." + number, 1);
    return fail(host, "sasl", "198.51.100." + number, 1);
  }

  /** The decisions of the last of these failures. */
  private List<ModelDecision> fail(String host, String jail, long... seconds) {
    List<ModelDecision> last = List.of();
    for (long second : seconds) {
      last = fail(host, jail, A, second);
    }
    return last;
  }

  private List<ModelDecision> fail(String host, String jail, String address, long second) {
    var position = new ModelEvent.Position("i1", "/var/log/mail.log", 0, offset++, 0);
    // The log is of the past: no clock is ahead.
    return model.accept(
        new ModelEvent.Failure(now(), host, position, jail, address, at(second), "alice"));
  }

  private List<ModelDecision> imported(String host, long from) {
    var ban = new ModelEvent.Imported(at(from), host);
    return model.accept(
        new ModelEvent.Ban(now(), at(from), A, "sasl", Optional.of(at(900)), Optional.of(ban)));
  }

  private List<ModelDecision> unban(long second) {
    return model.accept(new ModelEvent.Unban(now(), at(second), A, Optional.empty(), false));
  }

  private Instant now() {
    return at(100_000 + appended);
  }

  private static Instant at(long second) {
    return START.plusSeconds(second);
  }

  private static ModelDecision ban(
      String jail, String reach, long from, long until, int nth, int failures, boolean limited) {
    return decision(BAN, jail, reach, from, until, nth, failures, limited);
  }

  private static ModelDecision decision(
      ModelDecision.Verdict verdict,
      String jail,
      String reach,
      long from,
      long until,
      int nth,
      int failures,
      boolean limited) {
    Optional<Instant> end = Optional.of(at(until));
    return new ModelDecision(
        verdict, jail, A, reach, at(from), end, nth, failures, 1, limited, false);
  }
}
