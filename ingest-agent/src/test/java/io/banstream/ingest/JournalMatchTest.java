package io.banstream.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class JournalMatchTest {
  @Test
  void groupsAreAlternatives() {
    assertThat(JournalMatch.arguments(List.of("_SYSTEMD_UNIT=sshd.service _COMM=sshd", "A=b")))
        .containsExactly("_SYSTEMD_UNIT=sshd.service", "_COMM=sshd", "+", "A=b");
    assertThat(JournalMatch.arguments(List.of("A=1 + B=2"))).containsExactly("A=1", "+", "B=2");
    assertThat(JournalMatch.arguments(List.of())).isEmpty();
  }

  @Test
  void whatJournalctlMightTakeForAnOptionIsRefused() {
    for (String word : new String[] {"--vacuum-size=1", "-f", "/usr/sbin/sshd", "a=b"}) {
      assertThatThrownBy(() -> JournalMatch.arguments(List.of(word)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("journalmatch = " + word + ", expected FIELD=value");
    }
  }
}
