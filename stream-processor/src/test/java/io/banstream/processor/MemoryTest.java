package io.banstream.processor;

import static org.assertj.core.api.Assertions.assertThat;

import io.banstream.jails.Policy;
import io.banstream.jails.Policy.Increment;
import io.banstream.jails.Policy.Scope;
import io.banstream.jails.Policy.Slow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MemoryTest {
  private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");
  private static final JailReach SASL = JailReach.fleet("sasl");
  private static final Policy POLICY = policy(Optional.empty());
  private static final InForce IN_FORCE = InForce.NOTHING.with(1, Map.of("sasl", POLICY), 1);
  private static final Failure FAILURE = new Failure(NOON, "relay1", new Failure.Line(1));

  private static Policy policy(Optional<Slow> slow) {
    return new Policy(
        Duration.ofMinutes(10),
        Optional.of(Duration.ofHours(1)),
        3,
        List.of(),
        Scope.FLEET,
        128,
        Increment.OFF,
        Duration.ofDays(2),
        Policy.Guard.DEFAULT,
        slow,
        Optional.empty(),
        Policy.Trust.DEFAULT,
        Optional.empty(),
        0);
  }

  private static AddressState window(Instant append) {
    Window window = Window.join(SASL, Optional.empty(), FAILURE, POLICY, append);
    return AddressState.NONE.with(window);
  }

  @Test
  void aWindowIsForgottenAWeekAfterItsEnd() {
    Instant end = NOON.plus(Duration.ofMinutes(10)).plus(Memory.GRACE);
    AddressState state = window(NOON);
    assertThat(Memory.recall(state, IN_FORCE, end.minusMillis(1))).isEqualTo(state);
    assertThat(Memory.recall(state, IN_FORCE, end).isEmpty()).isTrue();
  }

  @Test
  void aSecondWindowIsForgottenAWeekAfterItsEndAndFailsNobody() {
    Duration longtime = Duration.ofDays(3);
    Policy slow = policy(Optional.of(new Slow(longtime, 9)));
    InForce inForce = InForce.NOTHING.with(1, Map.of("sasl", slow), 1);
    Instant end = NOON.plus(longtime).plus(Memory.GRACE);
    AddressState state = window(NOON);
    assertThat(Memory.recall(state, inForce, end.minusMillis(1))).isEqualTo(state);
    assertThat(Memory.recall(state, inForce, end).isEmpty()).isTrue();
    Instant later = NOON.plus(Duration.ofMinutes(10));
    assertThat(Memory.settle(state, inForce, later).windows().get(0).failing()).isFalse();
  }

  @Test
  void anOldLogsWindowIsForgottenAWeekAfterItWasRead() {
    Instant read = NOON.plus(Duration.ofDays(300));
    AddressState state = window(read);
    assertThat(Memory.recall(state, IN_FORCE, read.plusSeconds(1))).isEqualTo(state);
    assertThat(Memory.recall(state, IN_FORCE, read.plus(Memory.GRACE)).isEmpty()).isTrue();
  }

  @Test
  void aBanIsForgottenAWeekAfterNoJailRemembersIt() {
    AddressState state =
        AddressState.NONE.with(Ban.decided(SASL, NOON, NOON.plusSeconds(60), 1, false, NOON));
    Instant end = NOON.plusSeconds(60).plus(Duration.ofDays(2)).plus(Memory.GRACE);
    assertThat(Memory.recall(state, IN_FORCE, end.minusMillis(1))).isEqualTo(state);
    assertThat(Memory.recall(state, IN_FORCE, end).isEmpty()).isTrue();
  }

  @Test
  void aSuccessIsForgottenAWeekAfterNoJailCaresForIt() {
    AddressState state = AddressState.NONE.with(new Success(NOON, NOON));
    Instant end = NOON.plus(Duration.ofDays(30)).plus(Memory.GRACE);
    assertThat(Memory.recall(state, IN_FORCE, end.minusMillis(1))).isEqualTo(state);
    assertThat(Memory.settle(state, IN_FORCE, NOON).alarm()).isEqualTo(end);
    assertThat(Memory.recall(state, IN_FORCE, end).isEmpty()).isTrue();
  }

  @Test
  void aBanForEverIsNeverForgotten() {
    AddressState state =
        AddressState.NONE.with(Ban.decided(SASL, NOON, Ban.FOR_EVER, 1, false, NOON));
    assertThat(Memory.recall(state, IN_FORCE, NOON.plus(Duration.ofDays(9999)))).isEqualTo(state);
    assertThat(Memory.settle(state, IN_FORCE, NOON).alarm()).isEqualTo(Ban.FOR_EVER);
  }

  @Test
  void ofOneJailAndReachTheNewestHundredBansAreKept() {
    AddressState state = AddressState.NONE;
    for (int i = 0; i < 130; i++) {
      Instant from = NOON.plusSeconds(i);
      state = state.with(Ban.decided(SASL, from, from.plusSeconds(1), 1, false, NOON));
    }
    AddressState kept = Memory.recall(state, IN_FORCE, NOON);
    assertThat(kept.bans()).hasSize(History.MOST);
    assertThat(kept.bans().get(0).from()).isEqualTo(NOON.plusSeconds(30));
  }
}
