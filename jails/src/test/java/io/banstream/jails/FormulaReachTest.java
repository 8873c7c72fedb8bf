package io.banstream.jails;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FormulaReachTest {
  @TempDir Path dir;

  private List<String> notices(String text) throws Exception {
    String jail = "[sshd]\nenabled = true\nbackend = systemd\nbantime.increment = true\n";
    Files.writeString(dir.resolve("jail.local"), jail + text);
    return Configuration.read(dir).notices().stream()
        .map(Notice::toString)
        .filter(n -> n.contains("formula"))
        .toList();
  }

  @Test
  void fail2bansOwnFormulasAreFine() throws Exception {
    assertThat(
            notices(
                "bantime.formula = ban.Time * (1<<(ban.Count if ban.Count<20 else 20)) * banFactor"))
        .isEmpty();
    assertThat(
            notices(
                "bantime.factor = 2.0 / 2.885385\nbantime.formula ="
                    + " ban.Time * math.exp(float(ban.Count+1)*banFactor)/math.exp(1*banFactor)"))
        .isEmpty();
  }

  @Test
  void theFirstBanWithoutAValueIsTold() throws Exception {
    assertThat(notices("bantime.formula = ban.Time * math.exp(ban.Count * 10)"))
        .containsExactly(
            "jail.local:5: bantime.formula has no value where ban.Count = 71 (math.exp comes to too"
                + " much): such a ban lasts bantime");
  }

  @Test
  void oneBesideMultipliersIsToldAsNotUsed() throws Exception {
    assertThat(notices("bantime.multipliers = 1 2 4\nbantime.formula = ban.Time / 0"))
        .containsExactly(
            "jail.local:6: bantime.formula is not used: bantime.multipliers go before it");
  }
}
