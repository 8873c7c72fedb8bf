package io.banstream.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.banstream.testkit.BanModel.Tally;
import io.banstream.testkit.ModelDecision.Verdict;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RandomHistoryTest {
  @Test
  void theSameSeedGivesTheSameHistory() {
    assertThat(RandomHistory.of(7, 100)).isEqualTo(RandomHistory.of(7, 100));
    assertThat(RandomHistory.of(7, 100)).isNotEqualTo(RandomHistory.of(8, 100));
  }

  @Test
  void recordsAreAppendedInTheOrderOfTime() {
    for (long seed = 0; seed < 100; seed++) {
      assertThat(RandomHistory.of(seed, 100))
          .extracting(ModelEvent::appended)
          .isSortedAccordingTo(java.util.Comparator.naturalOrder());
    }
  }

  @Test
  void everyKindOfDecisionAndTallyComesUp() {
    List<ModelDecision> decisions = new ArrayList<>();
    Set<Tally> tallies = new HashSet<>();
    for (long seed = 0; seed < 200; seed++) {
      BanModel model = new BanModel();
      RandomHistory.of(seed, 150).forEach(model::accept);
      decisions.addAll(model.decisions());
      for (Tally tally : Tally.values()) {
        if (model.tally("sasl", tally) > 0) {
          tallies.add(tally);
        }
      }
    }
    assertThat(tallies).containsExactlyInAnyOrder(Tally.values());
    assertThat(decisions)
        .anyMatch(d -> d.verdict() == Verdict.UNBAN)
        .anyMatch(d -> d.jail().equals("recidive") && d.failures() > 0)
        .anyMatch(d -> d.jail().equals("recidive") && !d.reach().equals("*"))
        .anyMatch(d -> !d.reach().equals("*"))
        .anyMatch(d -> d.until().isEmpty())
        .anyMatch(d -> d.nth() > 3)
        .anyMatch(d -> d.address().equals("2001:db8::/64") && d.failures() > 0);
  }

  @Test
  void aGuardedHistoryLimitsAndConfirmsAndAlertsAgain() {
    List<ModelDecision> decisions = new ArrayList<>();
    int mostAlerts = 0;
    int passedTheirShare = 0;
    for (long seed = 0; seed < 200; seed++) {
      BanModel model = new BanModel();
      RandomHistory.guarded(seed, 300).forEach(model::accept);
      decisions.addAll(model.decisions());
      mostAlerts = Math.max(mostAlerts, model.alerts().size());
      passedTheirShare += model.alerts().isEmpty() ? 0 : 1;
    }
    assertThat(passedTheirShare).isGreaterThan(10);
    assertThat(mostAlerts).isGreaterThan(1);
    assertThat(decisions)
        .anyMatch(d -> d.limited() && d.verdict() == Verdict.BAN && d.nth() > 1)
        .anyMatch(d -> d.limited() && d.verdict() == Verdict.UNBAN)
        .anyMatch(d -> d.limited() && d.jail().equals("recidive"))
        .anyMatch(d -> d.limited() && d.until().isEmpty());
  }

  @Test
  void aHistoryWithSuccessesLimitsBansOfWhoIsKnownAndForgives() {
    int known = 0;
    int bans = 0;
    int bansWithoutSuccesses = 0;
    for (long seed = 0; seed < 200; seed++) {
      List<ModelEvent> history = RandomHistory.succeeding(seed, 150);
      BanModel model = new BanModel();
      history.forEach(model::accept);
      known += (int) model.alerts().stream().filter(a -> a.guard().equals("known")).count();
      bans += model.decisions().size();
      bansWithoutSuccesses +=
          BanModel.decide(history.stream().filter(e -> !(e instanceof ModelEvent.Success)).toList())
              .size();
    }
    assertThat(known).isGreaterThan(100);
    assertThat(bans).isNotEqualTo(bansWithoutSuccesses);
  }
}
