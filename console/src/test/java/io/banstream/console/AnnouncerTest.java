package io.banstream.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.banstream.schemas.Decision;
import io.banstream.schemas.Evidence;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AnnouncerTest {
  private static final Instant NOW = Samples.NOW;
  private static final Decision BAN = Samples.ban("192.0.2.1", "sshd", NOW, Duration.ofHours(1));
  private static final Decision UNBAN = Samples.unban("192.0.2.1", "sshd", NOW.plusSeconds(9));

  private final EvidenceLog evidence = new EvidenceLog(1_000_000);
  private final List<String> lines = new ArrayList<>();
  private Optional<String> why = Optional.empty();
  private final Announcer announcer =
      new Announcer(evidence::of, d -> why, a -> lines.add(a.line()));

  @Test
  void aBanWaitsForItsEvidence() {
    announcer.decided(Optional.empty(), BAN, NOW);
    announcer.tell(NOW.plusMillis(500));
    assertThat(lines).isEmpty();
    evidence.add(Samples.evidence(BAN, "bob", "relay2", "relay1", "relay2"));
    announcer.tell(NOW.plusMillis(600));
    announcer.tell(NOW.plusSeconds(60));
    assertThat(lines)
        .containsExactly(
            "Ban 192.0.2.1 in sshd until 2026-11-25T06:00:00Z: 3 failures on relay1, relay2");
  }

  @Test
  void aBanWithoutEvidenceIsToldAllTheSame() {
    announcer.decided(Optional.empty(), BAN, NOW);
    announcer.tell(NOW.plus(Announcer.PATIENCE));
    assertThat(lines)
        .containsExactly("Ban 192.0.2.1 in sshd until 2026-11-25T06:00:00Z: 3 failures");
  }

  @Test
  void aNetworksBanNamesTheAddressesBehindIt() {
    Decision network = Samples.ban("198.51.100.0/24", "sshd", NOW, Duration.ofHours(1));
    network.setNetwork(true);
    announcer.decided(Optional.empty(), network, NOW);
    announcer.tell(NOW.plus(Announcer.PATIENCE));
    assertThat(lines)
        .containsExactly(
            "Ban 198.51.100.0/24 in sshd until 2026-11-25T06:00:00Z: 3 addresses banned");
  }

  @Test
  void aBanThatIsOverIsNotTold() {
    announcer.decided(Optional.empty(), BAN, NOW.plusSeconds(3600));
    announcer.tell(NOW.plusSeconds(7200));
    assertThat(lines).isEmpty();
  }

  @Test
  void theSameBanAgainIsNotTold() {
    announcer.decided(Optional.of(BAN), BAN, NOW);
    announcer.tell(NOW.plusSeconds(60));
    assertThat(lines).isEmpty();
  }

  @Test
  void anUnbanIsToldAfterItsBanAndWithItsReason() {
    why = Optional.of("said by root, customer");
    announcer.decided(Optional.empty(), BAN, NOW);
    announcer.decided(Optional.of(BAN), UNBAN, NOW.plusMillis(10));
    announcer.tell(NOW.plusMillis(20));
    assertThat(lines).isEmpty();
    announcer.tell(NOW.plusSeconds(2));
    assertThat(lines.get(0)).startsWith("Ban 192.0.2.1");
    assertThat(lines.get(1)).isEqualTo("Unban 192.0.2.1 in sshd: said by root, customer");
  }

  @Test
  void anUnbanOfWhatWasNotBannedIsNotTold() {
    announcer.decided(Optional.empty(), UNBAN, NOW);
    announcer.decided(Optional.of(UNBAN), UNBAN, NOW);
    announcer.tell(NOW.plusSeconds(60));
    assertThat(lines).isEmpty();
  }

  @Test
  void anOperatorsBanNamesWhoAndWhy() {
    Evidence said = Samples.evidence(BAN, "");
    said.setWho("root");
    said.setWhy("spam\u001b[2J");
    evidence.add(said);
    announcer.decided(Optional.empty(), BAN, NOW);
    announcer.tell(NOW);
    assertThat(lines.get(0)).endsWith(": said by root, spam\uFFFD[2J");
  }
}
