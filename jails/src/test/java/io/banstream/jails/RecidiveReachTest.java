package io.banstream.jails;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecidiveReachTest {
  @TempDir private Path dir;

  private List<String> notices(String sshd, String recidive) throws Exception {
    write("[sshd]\nenabled = true\nlogpath = /var/log/auth.log\n" + sshd);
    Files.writeString(
        dir.resolve("jail.local"),
        Files.readString(dir.resolve("jail.local")) + "[recidive]\nenabled = true\n" + recidive);
    return Configuration.read(dir).notices().stream()
        .map(Notice::toString)
        .filter(n -> n.contains("recidive wants"))
        .toList();
  }

  private void write(String text) throws IOException {
    Files.writeString(dir.resolve("jail.local"), text);
  }

  @Test
  void aBantimeTooLongForRecidivesFindtimeIsTold() throws Exception {
    assertThat(notices("bantime = 12h\n", "findtime = 1d\nmaxretry = 3\n"))
        .containsExactly(
            "jail.local:7: recidive wants 3 bans within findtime = 86400 s, and no jail bans an"
                + " address again before bantime = 43200 s are over: only bans of several jails"
                + " can meet there");
  }

  @Test
  void oneThatFitsIsNot() throws Exception {
    assertThat(notices("bantime = 11h\n", "findtime = 1d\nmaxretry = 3\n")).isEmpty();
  }

  @Test
  void norWhereOneBanIsEnough() throws Exception {
    assertThat(notices("bantime = 9d\n", "findtime = 1d\nmaxretry = 1\n")).isEmpty();
  }

  @Test
  void aJailThatThereIsNotIsTold() throws Exception {
    write(
        "[sshd]\nenabled = true\nlogpath = /var/log/auth.log\n"
            + "[sshd-recidive]\nenabled = true\nfilter = recidive\nmaxretry = 1\n"
            + "recidive.jails = sshd, sshdd\n");
    assertThat(Configuration.read(dir).notices())
        .extracting(Notice::toString)
        .containsExactly(
            "jail.local:8: recidive.jails = sshdd: no jail of that name counts failed logins and is"
                + " enabled");
  }
}
