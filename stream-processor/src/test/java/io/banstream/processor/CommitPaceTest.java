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
    pace.want();
    assertThat(pace.due(1_000)).isTrue();
    pace.want();
    assertThat(pace.due(1_001)).isFalse();
    assertThat(pace.due(1_010)).isFalse();
    assertThat(pace.due(1_011)).isTrue();
  }

  @Test
  void aLongCommitIsFollowedByTwiceItsLength() {
    pace.want();
    assertThat(pace.due(1_000)).isTrue();
    pace.want();
    assertThat(pace.due(1_050)).isFalse();
    assertThat(pace.due(1_149)).isFalse();
    assertThat(pace.due(1_150)).isTrue();
  }
}
