package io.banstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.banstream.testkit.Netns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A fail2ban at work, whose action does nothing, and {@code shadow} beside it. */
class ShadowIT {
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("MMM dd HH:mm:ss", Locale.ROOT);

  @TempDir Path folder;
  private Process fail2ban;

  private void fail2ban() throws Exception {
    Netns.assumeTool("fail2ban-server");
    Path config = Files.createDirectory(folder.resolve("config"));
    for (String sub : List.of("filter.d", "action.d", "jail.d", "fail2ban.d")) {
      Files.createDirectory(config.resolve(sub));
    }
    Files.writeString(
        config.resolve("fail2ban.conf"),
        """
        [Definition]
        loglevel = INFO
        logtarget = %1$s/fail2ban.log
        syslogsocket = auto
        socket = %1$s/socket
        pidfile = %1$s/pid
        dbfile = %2$s
        dbpurgeage = 1d
        dbmaxmatches = 10
        """
            .formatted(folder, database()));
    Files.writeString(
        config.resolve("jail.conf"),
        """
        [DEFAULT]
        ignoreself = true
        usedns = no
        logencoding = auto
        maxretry = 3
        findtime = 10m
        bantime = 10m
        backend = polling
        filter = mine
        action = nothing
        """);
    Files.writeString(
        config.resolve("jail.local"),
        """
        [sasl]
        enabled = true
        logpath = %1$s
        [asking]
        enabled = true
        filter = mine[_word=other]
        logpath = %1$s
        ignorecommand = test <ip> = 203.0.113.3 || test "<F-USER>" = backup
        """
            .formatted(log()));
    Files.writeString(
        config.resolve("filter.d/mine.conf"),
        """
        [Definition]
        _word = failure
        failregex = <_word> of <F-USER>\\S+</F-USER> from <HOST>$
        """);
    Files.writeString(config.resolve("action.d/nothing.conf"), "[Definition]\nactionban = true\n");
    Files.createFile(log());
    fail2ban =
        new ProcessBuilder("fail2ban-server", "-c", config.toString(), "-xf", "start")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("fail2ban.out").toFile())
            .start();
    await()
        .atMost(Banstream.LIMIT)
        .until(() -> said().contains("Server ready") || !fail2ban.isAlive());
    assumeTrue(fail2ban.isAlive(), () -> "fail2ban-server does not run here: " + said());
  }

  private String said() {
    try {
      return Files.readString(folder.resolve("fail2ban.out"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private Path log() {
    return folder.resolve("log");
  }

  private Path database() {
    return folder.resolve("fail2ban.sqlite3");
  }

  @AfterEach
  void stop() throws Exception {
    if (fail2ban != null) {
      fail2ban.destroy();
      assertThat(fail2ban.waitFor(Banstream.LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }
  }

  private void fail(String word, String user, int address) throws IOException {
    String stamp = STAMP.format(ZonedDateTime.now(ZoneId.systemDefault()));
    String line = stamp + " relay1 x: " + word + " of " + user + " from 203.0.113." + address;
    Files.write(log(), List.of(line), StandardOpenOption.APPEND);
  }

  @Test
  void bothBanTheSameAndIgnoreWhatTheCommandIgnores() throws Exception {
    fail2ban();
    try (Banstream shadow =
        Banstream.start(
            "shadow",
            "--config",
            folder.resolve("config").toString(),
            "--database",
            database().toString(),
            "--allow-ignorecommand")) {
      shadow.awaitLine("Ready: ");
      for (int i = 0; i < 3; i++) {
        fail("failure", "alice", 1);
        fail("other", "alice", 3);
        fail("other", "backup", 4);
        fail("other", "$(touch${IFS}" + folder.resolve("run") + ")", 5);
        fail("other", "bob", 6);
      }
      shadow.awaitLine("Same: 203.0.113.6 in asking: ");
      shadow.awaitLine("Same: 203.0.113.5 in asking: ");
      shadow.awaitLine("Same: 203.0.113.1 in sasl: ");
      shadow.close();
      assertThat(shadow.output())
          .contains("Bans of both: 3 the same, 0 at other times; of fail2ban alone: 0")
          .doesNotContain("203.0.113.3")
          .doesNotContain("203.0.113.4");
    }
    assertThat(folder.resolve("run")).doesNotExist();
  }
}
