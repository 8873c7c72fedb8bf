package io.banstream.processor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CommitPaceTest {
  private final CommitPace pace = new CommitPace();

  @Test
  void nothingWantedNothingDue() {
    assertThat(pace.due(1_000)).isFalse();
  }

  @Test
  void theFirstIsDueAtOnceTheNextAfterTheShortestPause() {
    pace.want(0);
    assertThat(pace.due(1_000)).isTrue();
    pace.want(0);
    assertThat(pace.due(1_001)).isFalse();
    assertThat(pace.due(1_010)).isFalse();
    assertThat(pace.due(1_011)).isTrue();
  }

  @Test
  void aLongCommitIsFollowedByTwiceItsLength() {
    pace.want(0);
    assertThat(pace.due(1_000)).isTrue();
    pace.want(0);
    assertThat(pace.due(1_050)).isFalse();
    assertThat(pace.due(1_149)).isFalse();
    assertThat(pace.due(1_150)).isTrue();
  }

  @Test
  void whoIsBehindCatchesUpFirst() {
    pace.want(5_000);
    assertThat(pace.due(10_000)).isTrue();
    pace.want(5_000);
    assertThat(pace.due(10_020)).isFalse();
    assertThat(pace.due(10_199)).isFalse();
    assertThat(pace.due(10_200)).isTrue();
    pace.want(5_000);
    assertThat(pace.due(11_000)).isFalse();
    assertThat(pace.due(11_499)).isFalse();
    assertThat(pace.due(11_500)).isTrue();
  }

  @Test
  void whoHasCaughtUpIsQuickAgain() {
    pace.want(5_000);
    assertThat(pace.due(10_000)).isTrue();
    pace.want(5_000);
    assertThat(pace.due(10_020)).isFalse();
    pace.want(3);
    assertThat(pace.due(10_060)).isTrue();
  }

  @Test
  void whatNobodyWaitsForIsDueAWhileAfterACommit() {
    pace.want(0);
    assertThat(pace.due(1_000)).isTrue();
    pace.wantSometime();
    assertThat(pace.due(1_004)).isFalse();
    assertThat(pace.due(1_203)).isFalse();
    assertThat(pace.due(1_204)).isTrue();
    assertThat(pace.due(2_000)).as("once").isFalse();
  }

  @Test
  void aDecisionTakesWithItWhatNobodyWaitsFor() {
    pace.wantSometime();
    pace.want(0);
    assertThat(pace.due(1_000)).isTrue();
    assertThat(pace.due(2_000)).isFalse();
  }

  @Test
  void whoIsBehindIsNotHeldUpByWhatNobodyWaitsFor() {
    pace.want(5_000);
    assertThat(pace.due(10_000)).isTrue();
    pace.wantSometime();
    assertThat(pace.due(10_040)).isFalse();
    assertThat(pace.due(10_399)).isFalse();
    assertThat(pace.due(10_400)).isTrue();
  }

  @Test
  void aCommitThatStoodStillHoldsUpTheNextForHalfASecondAtMost() {
    pace.want(0);
    assertThat(pace.due(1_000)).isTrue();
    pace.want(0);
    assertThat(pace.due(61_000)).isFalse();
    assertThat(pace.due(61_499)).isFalse();
    assertThat(pace.due(61_500)).isTrue();
  }

  @Test
  void aClockThatIsSetBackHoldsUpNothing() {
    pace.want(0);
    assertThat(pace.due(3_601_000)).isTrue();
    pace.want(0);
    assertThat(pace.due(3_601_005)).isFalse();
    assertThat(pace.due(1_020)).isTrue();
    pace.wantSometime();
    assertThat(pace.due(1_025)).isFalse();
    assertThat(pace.due(1_225)).isTrue();
  }
}
