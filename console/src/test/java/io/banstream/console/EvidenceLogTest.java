package io.banstream.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.banstream.schemas.Address;
import io.banstream.schemas.Decision;
import io.banstream.schemas.DecisionKey;
import io.banstream.schemas.Evidence;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class EvidenceLogTest {
  private static Decision ban(int i) {
    return Samples.ban("192.0.2." + i % 7, "sshd", Samples.NOW.plusSeconds(i), Duration.ofHours(1));
  }

  @Test
  void theOldestGoesWhenTheBudgetIsSpent() {
    EvidenceLog log = new EvidenceLog(10_000);
    for (int i = 0; i < 1_000; i++) {
      log.add(Samples.evidence(ban(i), "bob", "relay1"));
    }
    assertThat(log.of(DecisionKey.of(ban(0)), ban(0).getFrom())).isEmpty();
    assertThat(log.of(DecisionKey.of(ban(999)), ban(999).getFrom())).isPresent();
    int held = log.byAddress().values().stream().mapToInt(b -> b.size()).sum();
    assertThat(held).isBetween(10, 40);
  }

  @Test
  void aBansFailuresAreCutToTheNewest() {
    EvidenceLog log = new EvidenceLog(1_000_000);
    String[] hosts = Collections.nCopies(500, "relay1").toArray(String[]::new);
    hosts[499] = "relay2";
    log.add(Samples.evidence(ban(1), "bob", hosts));
    Evidence kept = log.of(DecisionKey.of(ban(1)), ban(1).getFrom()).orElseThrow();
    assertThat(kept.getFailures()).hasSize(EvidenceLog.FAILURES);
    assertThat(kept.getFailures().get(EvidenceLog.FAILURES - 1).getHost()).isEqualTo("relay2");
  }

  @Test
  void anUnbansWordIsKeptAndIsNoBan() {
    EvidenceLog log = new EvidenceLog(1_000_000);
    log.add(Samples.evidence(ban(1), "bob", "relay1"));
    Decision unban = Samples.unban("192.0.2.1", "sshd", Samples.NOW.plusSeconds(60));
    Evidence word = Samples.evidence(unban, "");
    word.setFailures(List.of());
    log.add(word);
    assertThat(log.of(DecisionKey.of(unban), unban.getFrom())).contains(word);
    assertThat(log.about(Address.parse("192.0.2.1"))).hasSize(1);
  }

  @Test
  void theSameBanTwiceIsOne() {
    EvidenceLog log = new EvidenceLog(1_000_000);
    log.add(Samples.evidence(ban(1), "bob", "relay1"));
    log.add(Samples.evidence(ban(1), "bob", "relay1"));
    assertThat(log.about(Address.parse("192.0.2.1"))).hasSize(1);
  }
}
