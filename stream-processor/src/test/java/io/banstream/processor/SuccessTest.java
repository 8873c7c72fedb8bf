package io.banstream.processor;

import static io.banstream.processor.Driven.NOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.banstream.jails.Policy;
import io.banstream.jails.Policy.Increment;
import io.banstream.jails.Policy.Scope;
import io.banstream.jails.Policy.Trust;
import io.banstream.schemas.Alert;
import io.banstream.schemas.Attempt;
import io.banstream.schemas.Decision;
import io.banstream.schemas.Outcome;
import io.banstream.schemas.Totals;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rule 14: what logins that succeed change. */
class SuccessTest {
  private static final String OFFICE = "192.0.2.1";
  private static final Trust KNOWN = Trust.DEFAULT;
  private static final Trust FORGIVING = new Trust(true, Duration.ZERO);

  private final Driven driven = new Driven();
  private long offset;

  @AfterEach
  void close() {
    driven.close();
  }

  private static Policy policy(Scope scope, Policy.Guard guard, Trust trust, String... bansOf) {
    return new Policy(
        Duration.ofMinutes(10),
        Optional.of(Duration.ofMinutes(1)),
        bansOf.length > 0 ? 1 : 2,
        List.of(),
        scope,
        128,
        Increment.OFF,
        Duration.ofDays(1),
        guard,
        Optional.empty(),
        bansOf.length > 0 ? Optional.of(Set.of(bansOf)) : Optional.empty(),
        trust,
        Optional.empty(),
        0);
  }

  private static Policy fleet(Trust trust) {
    return policy(Scope.FLEET, Policy.Guard.DEFAULT, trust);
  }

  private static Instant at(long seconds) {
    return NOON.plusSeconds(seconds);
  }

  private void succeed(String host, long second) {
    offset += 100;
    succeed(offset, host, second);
  }

  private void succeed(long position, String host, long second) {
    Attempt attempt = Driven.attempt("sasl", OFFICE, host, at(second), position);
    attempt.setOutcome(Outcome.SUCCESS);
    driven.attempt(OFFICE, attempt, at(Math.max(0, second)));
  }

  private void fail(String host, long... seconds) {
    for (long second : seconds) {
      offset += 100;
      driven.failAt(offset, "sasl", OFFICE, host, at(second));
    }
  }

  private List<String> reaches() {
    return driven.decisions.readValuesToList().stream().map(Decision::getReach).toList();
  }

  @Test
  void aKnownAddressIsBannedOnTheHostThatSawTheLastFailureOnlyAndTold() {
    driven.policies(Map.of("sasl", fleet(KNOWN)));
    succeed("relay9", -29 * 86_400);
    fail("relay1", 0);
    fail("relay2", 1);
    Decision ban = driven.decisions.readValue();
    assertThat(ban.getReach()).isEqualTo("relay2");
    assertThat(ban.getLimited()).isTrue();
    assertThat(driven.alerts.readValue())
        .isEqualTo(new Alert(at(1), "known", "relay2", "sasl", OFFICE, 0, 0, 86_400_000L, 0));
  }

  @Test
  void aSuccessLongerAgoThanKnownDaysOrAfterTheBanChangesNothing() {
    driven.policies(Map.of("sasl", fleet(KNOWN)));
    succeed("relay1", -30 * 86_400);
    fail("relay1", 0, 1);
    assertThat(reaches()).containsExactly("*");
    succeed("relay1", 400);
    fail("relay1", 200, 201);
    assertThat(reaches()).containsExactly("*");
  }

  @Test
  void withoutKnownDaysItIsBannedEverywhere() {
    driven.policies(Map.of("sasl", fleet(Trust.OFF)));
    succeed("relay1", -1);
    fail("relay1", 0, 1);
    assertThat(reaches()).containsExactly("*");
    assertThat(driven.alerts.isEmpty()).isTrue();
  }

  @Test
  void anAddressIsToldOfOnceADay() {
    driven.policies(Map.of("sasl", fleet(KNOWN)));
    succeed("relay1", -1);
    fail("relay1", 0, 1, 100, 101, 86_399, 86_400, 86_500, 86_501);
    assertThat(reaches()).containsExactly("relay1", "relay1", "relay1", "relay1");
    assertThat(driven.alerts.readValuesToList()).extracting(Alert::getTime).containsExactly(at(1));
    fail("relay1", 2 * 86_400 + 501, 2 * 86_400 + 502);
    assertThat(driven.alerts.readValue().getTime()).isEqualTo(at(2 * 86_400 + 502));
  }

  @Test
  void aKnownAddresssBanCountsForRecidiveOnItsHostOnly() {
    driven.policies(
        Map.of(
            "sasl",
            fleet(KNOWN),
            "recidive",
            policy(Scope.FLEET, Policy.Guard.DEFAULT, KNOWN, "sasl")));
    succeed("relay1", -1);
    fail("relay1", 0, 1);
    assertThat(driven.decisions.readValuesToList())
        .extracting(Decision::getJail, Decision::getReach, Decision::getLimited)
        .containsExactly(tuple("sasl", "relay1", true), tuple("recidive", "relay1", true));
  }

  @Test
  void anotherHostsFailureDoesNotConfirmAKnownAddresssBan() {
    Policy.Guard confirm = new Policy.Guard(500, Duration.ofHours(1), true, List.of());
    driven.policies(Map.of("sasl", policy(Scope.FLEET, confirm, KNOWN)));
    succeed("relay1", -1);
    fail("relay1", 0, 1);
    fail("relay2", 2);
    assertThat(reaches()).containsExactly("relay1");
    fail("relay2", 3);
    assertThat(reaches()).containsExactly("relay2");
  }

  @Test
  void anOperatorsBanReachesAllThoughTheAddressIsKnown() {
    driven.policies(Map.of("sasl", fleet(KNOWN)));
    succeed("relay1", -1);
    driven.ban(OFFICE, "sasl", at(100), at(0));
    assertThat(reaches()).containsExactly("*");
  }

  @Test
  void forgivenAreTheFailuresUntilTheSuccess() {
    driven.policies(Map.of("sasl", fleet(FORGIVING)));
    fail("relay1", 0, 20);
    assertThat(reaches()).containsExactly("*");
    fail("relay1", 100);
    succeed("relay2", 100);
    fail("relay1", 110);
    assertThat(reaches()).isEmpty();
    succeed("relay2", 105); // what came after it stays
    fail("relay1", 111);
    assertThat(reaches()).containsExactly("*");
  }

  @Test
  void inScopeHostOneHostForgivesNothingOnAnother() {
    driven.policies(Map.of("sasl", policy(Scope.HOST, Policy.Guard.DEFAULT, FORGIVING)));
    fail("relay1", 0);
    fail("relay2", 0);
    succeed("relay2", 1);
    fail("relay1", 2);
    fail("relay2", 2);
    assertThat(reaches()).containsExactly("relay1");
  }

  @Test
  void forgivenFailuresOfTheSecondWindowAreGoneToo() {
    Policy plain = fleet(FORGIVING);
    Policy slow =
        new Policy(
            plain.findtime(),
            plain.bantime(),
            2,
            List.of(),
            Scope.FLEET,
            128,
            Increment.OFF,
            plain.dbpurgeage(),
            plain.guard(),
            Optional.of(new Policy.Slow(Duration.ofDays(7), 3)),
            Optional.empty(),
            FORGIVING,
            Optional.empty(),
            0);
    driven.policies(Map.of("sasl", slow));
    fail("relay1", 0, 3600);
    succeed("relay1", 3600);
    fail("relay1", 7200, 10_800);
    assertThat(reaches()).isEmpty();
  }

  @Test
  void aSuccessThatComesAgainForgivesNothingNew() {
    driven.policies(Map.of("sasl", fleet(FORGIVING)));
    succeed(10, "relay1", 50);
    fail("relay1", 0);
    succeed(10, "relay1", 50);
    fail("relay1", 1);
    assertThat(reaches()).containsExactly("*");
  }

  @Test
  void aSuccessLiftsNoBanAndCountsInNoTotal() {
    driven.policies(Map.of("sasl", fleet(new Trust(true, Duration.ofDays(1)))));
    fail("relay1", 0, 1);
    succeed("relay1", 2);
    assertThat(reaches()).containsExactly("*");
    Totals totals = driven.totals().get("0 sasl *");
    assertThat(totals.getFailed()).isEqualTo(2);
    assertThat(totals.getRepeated() + totals.getLate() + totals.getIgnored()).isZero();
  }

  @Test
  void aSuccessOfAJailThatIsNotInForceIsADeadLetter() {
    driven.policies(Map.of("sshd", fleet(KNOWN)));
    succeed("relay1", 0);
    assertThat(driven.deadLetters.readValue().getWhy())
        .contains("jail = sasl, which has no policy in version 1");
  }

  @Test
  void aClockAheadIsPutRight() {
    driven.policies(Map.of("sasl", fleet(FORGIVING)));
    fail("relay1", 10);
    Attempt attempt = Driven.attempt("sasl", OFFICE, "relay1", at(9_999), 10_000);
    attempt.setOutcome(Outcome.SUCCESS);
    driven.attempt(OFFICE, attempt, at(5));
    fail("relay2", 11);
    assertThat(reaches()).containsExactly("*");
  }
}
