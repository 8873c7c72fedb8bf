package io.banstream.testkit;

import static io.banstream.testkit.ModelDecision.Verdict.BAN;
import static io.banstream.testkit.ModelDecision.Verdict.UNBAN;
import static org.assertj.core.api.Assertions.assertThat;

import io.banstream.testkit.BanModel.Tally;
import io.banstream.testkit.ModelPolicy.Increment;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Small histories, a rule each; times are seconds after a start. */
class BanModelTest {
  private static final Instant START = Instant.parse("2026-11-25T03:00:00Z");
  private static final Instant APPENDED = START.plusSeconds(5000);
  private static final String A = "192.0.2.1";
  private static final ModelPolicy SASL =
      ModelPolicy.of("sasl", 3, Duration.ofSeconds(100), Duration.ofSeconds(1000));
  private static final ModelPolicy RECIDIVE =
      ModelPolicy.of("recidive", 2, Duration.ofSeconds(10_000), Duration.ofSeconds(50_000));

  private final BanModel model = new BanModel();
  private long offset;

  @Test
  void theMaxretrythFailureInsideFindtimeBans() {
    policy(SASL);
    fail("sasl", 0);
    fail("sasl", 99);
    assertThat(fail("sasl", 99)).containsExactly(ban("sasl", 99, 1099, 1, 3));
    assertThat(model.tally("sasl", Tally.FAILED)).isEqualTo(3);
    assertThat(model.tally("sasl", Tally.BANNED)).isEqualTo(1);
  }

  @Test
  void aFailureExactlyFindtimeOldIsOutOfTheWindow() {
    policy(SASL);
    fail("sasl", 0);
    fail("sasl", 50);
    assertThat(fail("sasl", 100)).isEmpty();
    assertThat(fail("sasl", 101)).containsExactly(ban("sasl", 101, 1101, 1, 3));
  }

  @Test
  void theBanIsFromTheNewestFailureThoughALateOneCompletesTheWindow() {
    policy(SASL);
    fail("sasl", 50);
    fail("sasl", 90);
    assertThat(fail("sasl", 10)).containsExactly(ban("sasl", 90, 1090, 1, 3));
  }

  @Test
  void aFailureTooOldForTheWindowIsLate() {
    policy(SASL);
    fail("sasl", 100);
    fail("sasl", 0);
    fail("sasl", 100);
    assertThat(model.tally("sasl", Tally.LATE)).isEqualTo(1);
    assertThat(fail("sasl", 1)).containsExactly(ban("sasl", 100, 1100, 1, 3));
  }

  @Test
  void theNewestTimeOutlivesTheClearedWindow() {
    policy(ModelPolicy.of("sasl", 2, Duration.ofSeconds(100), Duration.ofSeconds(10)));
    fail("sasl", 0);
    fail("sasl", 500);
    fail("sasl", 500);
    fail("sasl", 400);
    assertThat(model.tally("sasl", Tally.LATE)).isEqualTo(1);
  }

  @Test
  void slowGuessingFillsTheSecondWindow() {
    policy(SASL.withSlow(Duration.ofSeconds(1000), 5));
    fail("sasl", 0, 200, 400, 600);
    assertThat(fail("sasl", 800)).containsExactly(ban("sasl", 800, 1800, 1, 5));
    fail("sasl", 1800, 1900, 2000, 2100); // with those before the ban it would be full
    assertThat(fail("sasl", 2200)).containsExactly(ban("sasl", 2200, 3200, 2, 5));
  }

  @Test
  void whatIsLongtimeOldIsOutOfTheSecondWindow() {
    policy(SASL.withSlow(Duration.ofSeconds(1000), 5));
    fail("sasl", 0, 250, 500, 750);
    assertThat(fail("sasl", 1000)).isEmpty();
    assertThat(fail("sasl", 1001)).containsExactly(ban("sasl", 1001, 2001, 1, 5));
  }

  @Test
  void theFirstWindowGoesFirstAndClearsBoth() {
    policy(SASL.withSlow(Duration.ofSeconds(1000), 5));
    fail("sasl", 0, 200, 400, 401);
    assertThat(fail("sasl", 402)).containsExactly(ban("sasl", 402, 1402, 1, 3));
    assertThat(fail("sasl", 1402)).isEmpty();
  }

  @Test
  void aFailureTooOldForTheFirstWindowJoinsTheSecond() {
    policy(SASL.withSlow(Duration.ofSeconds(1000), 4));
    fail("sasl", 1000, 1001);
    fail("sasl", 1, 500);
    assertThat(model.tally("sasl", Tally.LATE)).isEqualTo(1);
    assertThat(model.tally("sasl", Tally.FAILED)).isEqualTo(3);
    assertThat(fail("sasl", 2)).containsExactly(ban("sasl", 1001, 2001, 1, 4));
  }

  @Test
  void recidiveHasASecondWindowToo() {
    Duration seconds = Duration.ofSeconds(10);
    policy(
        ModelPolicy.of("sasl", 1, seconds, seconds),
        ModelPolicy.of("recidive", 2, Duration.ofSeconds(200), Duration.ofSeconds(5000))
            .withSlow(Duration.ofSeconds(1000), 3));
    fail("sasl", 0, 300);
    assertThat(fail("sasl", 600))
        .containsExactly(ban("sasl", 600, 610, 3, 1), ban("recidive", 600, 5600, 1, 3));
  }

  @Test
  void anUnbanClearsTheSecondWindow() {
    policy(SASL.withSlow(Duration.ofSeconds(1000), 5));
    fail("sasl", 0, 200, 400, 600);
    unban(700, Optional.empty(), false);
    assertThat(fail("sasl", 800, 900)).isEmpty();
  }

  @Test
  void aFailureDuringABanDoesNotCountEvenIfOlderThanIt() {
    policy(SASL);
    fail("sasl", 10, 20, 30);
    fail("sasl", 5, 31, 1029);
    assertThat(model.tally("sasl", Tally.LATE)).isEqualTo(3);
    fail("sasl", 1030, 1031);
    assertThat(fail("sasl", 1032)).containsExactly(ban("sasl", 1032, 2032, 2, 3));
  }

  @Test
  void anIgnoredAddressIsOnlyTallied() {
    policy(SASL.withIgnoreip("192.0.2.0/24"));
    assertThat(fail("sasl", 1, 2, 3)).isEmpty();
    assertThat(model.tally("sasl", Tally.IGNORED)).isEqualTo(3);
    assertThat(model.tally("sasl", Tally.FAILED)).isZero();
  }

  @Test
  void theFleetCountsAllHostsTogether() {
    policy(SASL);
    fail("relay1", "sasl", A, 1);
    fail("relay2", "sasl", A, 2);
    assertThat(fail("relay3", "sasl", A, 3)).containsExactly(ban("sasl", 3, 1003, 1, 3));
  }

  @Test
  void aJailOfScopeHostCountsAndBansEachHostAlone() {
    policy(SASL.withScopeHost());
    fail("relay1", "sasl", A, 1, 2);
    assertThat(fail("relay2", "sasl", A, 3)).isEmpty();
    assertThat(fail("relay1", "sasl", A, 3)).containsExactly(ban("sasl", A, "relay1", 3, 1003, 1));
    fail("relay2", "sasl", A, 4);
    assertThat(fail("relay2", "sasl", A, 5)).containsExactly(ban("sasl", A, "relay2", 5, 1005, 1));
  }

  @Test
  void anIpv6AddressCountsAsItsNetwork() {
    policy(SASL.withIpv6prefix(64));
    fail("relay1", "sasl", "2001:db8::1", 1);
    fail("relay1", "sasl", "2001:db8::2:0:1", 2);
    assertThat(fail("relay1", "sasl", "2001:db8::3", 3))
        .containsExactly(ban("sasl", "2001:db8::/64", "*", 3, 1003, 1));
  }

  @Test
  void theSamePositionCountsOnce() {
    policy(SASL);
    var failure = failure("relay1", "sasl", A, 1);
    for (int i = 0; i < 5; i++) {
      assertThat(model.accept(failure)).isEmpty();
    }
    assertThat(model.tally("sasl", Tally.REPEATED)).isEqualTo(4);
  }

  @Test
  void aClockOverFiveMinutesAheadIsNotBelieved() {
    policy(SASL);
    fail("sasl", 5300);
    fail("sasl", 5301);
    assertThat(fail("sasl", 5290)).isEmpty();
    // The second is taken as 5000, which the window of 5300 is past.
    assertThat(model.tally("sasl", Tally.LATE)).isEqualTo(1);
  }

  @Test
  void twoBansMakeARepeatOffender() {
    policy(SASL, RECIDIVE);
    assertThat(fail("sasl", 1, 2, 3)).hasSize(1);
    assertThat(fail("sasl", 1003, 1004, 1005))
        .containsExactly(ban("sasl", 1005, 2005, 2, 3), ban("recidive", 1005, 51_005, 1, 2));
  }

  @Test
  void aJailThatCountsBansOfOneIsNoneOfTheOthersBusiness() {
    Duration seconds = Duration.ofSeconds(10);
    policy(
        ModelPolicy.of("sasl", 1, seconds, seconds),
        ModelPolicy.of("sshd", 1, seconds, seconds),
        RECIDIVE,
        ModelPolicy.of("sasl-recidive", 2, Duration.ofSeconds(1000), Duration.ofSeconds(5000))
            .withBansOf("sasl"));
    fail("sasl", 0);
    assertThat(fail("sshd", 1))
        .containsExactly(ban("sshd", 1, 11, 1, 1), ban("recidive", 1, 50_001, 1, 2));
    assertThat(fail("sasl", 100))
        .containsExactly(ban("sasl", 100, 110, 2, 1), ban("sasl-recidive", 100, 5100, 1, 2));
  }

  @Test
  void aBanAlreadyOverIsPastButDecided() {
    policy(SASL);
    assertThat(fail("sasl", 1, 2, 3)).containsExactly(ban("sasl", 3, 1003, 1, 3));
    assertThat(model.tally("sasl", Tally.PAST)).isEqualTo(1);
  }

  @Test
  void aRepeatedBanDoublesUpToMaxtimeAndThenTheDrawIsAdded() {
    Increment family =
        new Increment(
            true,
            1,
            List.of(),
            Optional.of(Duration.ofSeconds(35)),
            Duration.ofSeconds(20),
            false,
            Optional.empty());
    policy(
        ModelPolicy.of("sasl", 1, Duration.ofSeconds(100), Duration.ofSeconds(10))
            .withIncrement(family));
    assertThat(fail("sasl", 0)).containsExactly(ban("sasl", 0, 10, 1, 1));
    ModelDecision second = fail("sasl", 100).get(0);
    assertThat(Duration.between(START.plusSeconds(120), second.until().orElseThrow()))
        .isBetween(Duration.ZERO, Duration.ofSeconds(20));
    ModelDecision third = fail("sasl", 200).get(0);
    assertThat(Duration.between(START.plusSeconds(235), third.until().orElseThrow()))
        .isBetween(Duration.ZERO, Duration.ofSeconds(20));
  }

  @Test
  void aBanIsForgottenDbpurgeageAfterItsEnd() {
    policy(
        ModelPolicy.of("sasl", 1, Duration.ofSeconds(100), Duration.ofSeconds(10))
            .withDbpurgeage(Duration.ofSeconds(50)));
    fail("sasl", 0);
    assertThat(fail("sasl", 60)).containsExactly(ban("sasl", 60, 70, 2, 1));
    assertThat(fail("sasl", 121)).containsExactly(ban("sasl", 121, 131, 1, 1));
  }

  @Test
  void aBanForEverHasNoEnd() {
    policy(SASL.forEver());
    assertThat(fail("sasl", 1, 2, 3))
        .containsExactly(
            new ModelDecision(BAN, "sasl", A, "*", at(3), Optional.empty(), 1, 3, 1, false, false));
    assertThat(fail("sasl", 4999, 4999, 4999)).isEmpty();
  }

  @Test
  void anOperatorsBanIsNoFailureOfRecidive() {
    policy(SASL, RECIDIVE);
    assertThat(operatorBans("manual", 10, 20)).containsExactly(ban("manual", 10, 20, 1, 0));
    assertThat(operatorBans("manual", 30, 40)).containsExactly(ban("manual", 30, 40, 2, 0));
    assertThat(model.tally("recidive", Tally.FAILED)).isZero();
  }

  @Test
  void anUnbanEndsEveryReachAndForgetsTheBans() {
    policy(SASL.withScopeHost(), RECIDIVE);
    fail("relay1", "sasl", A, 1, 2, 3);
    fail("relay2", "sasl", A, 1, 2);
    operatorBans("sasl", 10, 5000);
    assertThat(unban(100, Optional.empty(), false))
        .containsExactly(unbanned("sasl", "*", 100, 1), unbanned("sasl", "relay1", 100, 1));
    fail("relay1", "sasl", A, 99);
    fail("relay2", "sasl", A, 101, 102);
    fail("relay1", "sasl", A, 101, 102);
    assertThat(fail("relay1", "sasl", A, 103))
        .containsExactly(ban("sasl", A, "relay1", 103, 1103, 1));
  }

  @Test
  void anUnbanThatKeepsHistoryLeavesTheBanToRecidive() {
    policy(SASL, RECIDIVE);
    fail("sasl", 1, 2, 3);
    unban(100, Optional.empty(), true);
    assertThat(fail("sasl", 101, 102, 103))
        .containsExactly(ban("sasl", 103, 1103, 2, 3), ban("recidive", 103, 50_103, 1, 2));
  }

  @Test
  void anUnbanOfOneJailLeavesTheOthers() {
    policy(SASL, ModelPolicy.of("sshd", 1, Duration.ofSeconds(9), Duration.ofSeconds(900)));
    fail("sasl", 1, 2, 3);
    fail("sshd", 1);
    assertThat(unban(100, Optional.of("sshd"), false))
        .containsExactly(unbanned("sshd", "*", 100, 1));
    assertThat(unban(100, Optional.of("sshd"), false)).isEmpty();
  }

  @Test
  void anAllowLiftsWhatItCoversAndHoldsUntilDisallowed() {
    policy(SASL);
    fail("sasl", 1, 2, 3);
    var allow =
        new ModelEvent.Allow(
            APPENDED, at(50), "192.0.2.0/24", List.of("192.0.2.0/24"), Optional.empty());
    assertThat(model.accept(allow)).containsExactly(unbanned("sasl", "*", 50, 1));
    assertThat(fail("sasl", 51, 52, 53)).isEmpty();
    model.accept(new ModelEvent.Disallow(APPENDED, at(60), "192.0.2.0/24"));
    assertThat(fail("sasl", 61, 62, 63)).containsExactly(ban("sasl", 63, 1063, 2, 3));
  }

  @Test
  void aWithdrawnJailsBansAreLiftedUnderTheNewVersion() {
    policy(SASL);
    fail("sasl", 1, 2, 3);
    operatorBans("manual", 10, 5000);
    assertThat(model.accept(new ModelEvent.Marker(APPENDED, at(50), 2, List.of(), 1)))
        .containsExactly(
            new ModelDecision(
                UNBAN, "sasl", A, "*", at(50), Optional.of(at(50)), 1, 0, 2, false, false));
    assertThat(fail("sasl", 60, 61, 62)).isEmpty();
  }

  @Test
  void aKnownAddressIsBannedOnTheHostThatCompletedIt() {
    policy(SASL.withTrust(false, Duration.ofSeconds(500)));
    succeed("relay9", 0);
    fail("sasl", 400, 450);
    List<ModelDecision> onOne = fail("relay2", "sasl", A, 499);
    assertThat(onOne).extracting(ModelDecision::reach).containsExactly("relay2");
    assertThat(onOne).extracting(ModelDecision::limited).containsExactly(true);
    assertThat(model.alerts()).containsExactly(new BanModel.Alert("known", "relay2", "sasl"));
    assertThat(fail("sasl", 500, 501, 502)).containsExactly(ban("sasl", 502, 1502, 1, 3));
  }

  @Test
  void aSuccessForgivesWhatFailedUntilThen() {
    policy(SASL.withTrust(true, Duration.ZERO));
    fail("sasl", 0, 50);
    succeed("relay9", 50);
    assertThat(fail("sasl", 51, 52)).isEmpty();
    succeed("relay9", 40);
    assertThat(fail("sasl", 53)).containsExactly(ban("sasl", 53, 1053, 1, 3));
  }

  private void succeed(String host, long second) {
    var position = new ModelEvent.Position("i1", "/var/log/mail.log", 0, offset++, 0);
    model.accept(new ModelEvent.Success(APPENDED, host, position, "sasl", A, at(second)));
  }

  @Test
  void soManyBannedAddressesBanTheirNetworkOncePartitionsHaveTold() {
    policy(
        ModelPolicy.of("sasl", 1, Duration.ofSeconds(600), Duration.ofSeconds(1000))
            .withSubnet(2, 24, 64));
    model.accept(failure("relay1", "sasl", A, 1));
    model.accept(failure("relay1", "sasl", "192.0.2.99", 2));
    List<ModelEvent.Note> notes = model.takeNotes();
    assertThat(notes)
        .containsExactly(
            new ModelEvent.Note(APPENDED, "sasl", "192.0.2.0/24", A, at(1), Optional.of(at(1001))),
            new ModelEvent.Note(
                APPENDED, "sasl", "192.0.2.0/24", "192.0.2.99", at(2), Optional.of(at(1002))));
    assertThat(model.accept(notes.get(0))).isEmpty();
    assertThat(model.accept(notes.get(1)))
        .containsExactly(
            new ModelDecision(
                BAN,
                "sasl",
                "192.0.2.0/24",
                "*",
                at(2),
                Optional.of(at(1002)),
                1,
                2,
                1,
                false,
                true));
    assertThat(model.takeNotes()).isEmpty();
  }

  @Test
  void whereSomethingIsAllowedTheNetworkStaysOpen() {
    policy(
        ModelPolicy.of("sasl", 1, Duration.ofSeconds(600), Duration.ofSeconds(1000))
            .withSubnet(2, 24, 64)
            .withIgnoreip("192.0.2.200"));
    for (int i = 1; i <= 4; i++) {
      model.acceptAlone(failure("relay1", "sasl", "192.0.2." + i, i));
    }
    assertThat(model.decisions()).hasSize(4).noneMatch(ModelDecision::network);
    assertThat(model.alerts()).containsExactly(new BanModel.Alert("subnet.allowed", "*", "sasl"));
  }

  private void policy(ModelPolicy... policies) {
    model.accept(new ModelEvent.Marker(APPENDED, START, 1, List.of(policies), 1));
  }

  private List<ModelDecision> fail(String jail, long... seconds) {
    return fail("relay1", jail, A, seconds);
  }

  /** The decisions of the last of these failures. */
  private List<ModelDecision> fail(String host, String jail, String address, long... seconds) {
    List<ModelDecision> last = List.of();
    for (long second : seconds) {
      last = model.accept(failure(host, jail, address, second));
    }
    return last;
  }

  private ModelEvent.Failure failure(String host, String jail, String address, long second) {
    var position = new ModelEvent.Position("i1", "/var/log/mail.log", 0, offset++, 0);
    return new ModelEvent.Failure(APPENDED, host, position, jail, address, at(second), "alice");
  }

  private List<ModelDecision> operatorBans(String jail, long from, long until) {
    return model.accept(
        new ModelEvent.Ban(APPENDED, at(from), A, jail, Optional.of(at(until)), Optional.empty()));
  }

  private List<ModelDecision> unban(long second, Optional<String> jail, boolean keepHistory) {
    return model.accept(new ModelEvent.Unban(APPENDED, at(second), A, jail, keepHistory));
  }

  private static Instant at(long second) {
    return START.plusSeconds(second);
  }

  private static ModelDecision ban(String jail, long from, long until, int nth, int failures) {
    return new ModelDecision(
        BAN, jail, A, "*", at(from), Optional.of(at(until)), nth, failures, 1, false, false);
  }

  private static ModelDecision ban(
      String jail, String address, String reach, long from, long until, int nth) {
    return new ModelDecision(
        BAN, jail, address, reach, at(from), Optional.of(at(until)), nth, 3, 1, false, false);
  }

  private static ModelDecision unbanned(String jail, String reach, long second, int nth) {
    return new ModelDecision(
        UNBAN, jail, A, reach, at(second), Optional.of(at(second)), nth, 0, 1, false, false);
  }
}
