package io.banstream.enforcer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.banstream.schemas.Address;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BanLogTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Instant NOW = Instant.parse("2026-11-26T21:10:13.123456Z");
  private static final ZoneId ZONE = ZoneId.of("Europe/Vienna");
  private static final String HEAD =
      "2026-11-26 22:10:13,123 fail2ban.actions        ["
          + ProcessHandle.current().pid()
          + "]: NOTICE  [postfix-sasl] ";
  private static final Entry ONE = entry("192.0.2.1");
  private static final Entry TWO = entry("2001:db8::2");

  @TempDir Path folder;

  private static Entry entry(String address) {
    return new Entry("postfix-sasl", Address.parse(address));
  }

  private BanLog log(String target) {
    return log(target(target));
  }

  private static BanLogTarget target(String text) {
    return BanLogTarget.parse(text, line -> {}, line -> {});
  }

  private static BanLog log(BanLogTarget target) {
    Shell none = new Shell(List.of(), LIMIT);
    return new BanLog(target, BanLogOutput.of(target, none, ZONE), InstantSource.fixed(NOW));
  }

  private static void awaitLines(Path file, String... lines) {
    await().atMost(LIMIT).until(() -> Files.exists(file) && Files.size(file) > 0);
    await().atMost(LIMIT).untilAsserted(() -> assertThat(file).hasContent(text(lines)));
  }

  private static String text(String... lines) {
    return String.join("\n", lines) + "\n";
  }

  @Test
  void theLinesAreFail2bans() throws Exception {
    Path file = folder.resolve("fail2ban.log");
    try (BanLog log = log(file.toString())) {
      log.banned(ONE, NOW, false);
      log.banned(TWO, NOW, true);
      log.unbanned(ONE);
    }
    assertThat(Files.readString(file))
        .isEqualTo(
            text(
                HEAD + "Ban 192.0.2.1",
                HEAD + "Restore Ban 2001:db8::2",
                HEAD + "Unban 192.0.2.1"));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-r-----");
  }

  @Test
  void theProcesssOutputsAreFail2bansWords() throws Exception {
    List<String> out = new ArrayList<>();
    List<String> err = new ArrayList<>();
    for (String word : List.of("stdout", "SYSOUT", "STDERR")) {
      try (BanLog log = log(BanLogTarget.parse(word, out::add, err::add))) {
        log.banned(ONE, NOW, false);
      }
    }
    String line = HEAD + "Ban 192.0.2.1";
    assertThat(out).containsExactly(line, line.substring("2026-11-26 22:10:13,123 ".length()));
    assertThat(err).containsExactly(line);
  }

  @Test
  void aSyslogsFacilityMayBeGivenAsToFail2ban() {
    assertThat(target("syslog")).isEqualTo(new BanLogTarget.ToSyslog("daemon"));
    assertThat(target("SYSLOG[facility=AUTH]")).isEqualTo(new BanLogTarget.ToSyslog("auth"));
    assertThat(target("SYSLOG [ facility=\"local3\" ]"))
        .isEqualTo(new BanLogTarget.ToSyslog("local3"));
    assertThat(target("SYSTEMD-JOURNAL")).isEqualTo(new BanLogTarget.ToJournal());
  }

  @Test
  void whatIsNoTargetIsRefused() {
    String expected =
        "expected STDOUT, SYSOUT, STDERR, SYSLOG, SYSTEMD-JOURNAL or a file from / on";
    for (String word : List.of("STDUOT", "log/fail2ban.log")) {
      assertRefused(word, expected);
    }
    assertRefused(folder.toString(), "expected a file, not a folder");
    expected = "expected no option but SYSLOG[facility=NAME]";
    for (String word : List.of("SYSLOG[facility=dæmon]", "/var/log/fail2ban.log[padding=off]")) {
      assertRefused(word, expected);
    }
  }

  private static void assertRefused(String word, String message) {
    assertThatThrownBy(() -> target(word))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Test
  void aFileThatIsRotatedAwayIsWrittenAnew() throws Exception {
    Path file = folder.resolve("fail2ban.log");
    Path old = folder.resolve("fail2ban.log.1");
    try (BanLog log = log(file.toString())) {
      log.banned(ONE, NOW, false);
      awaitLines(file, HEAD + "Ban 192.0.2.1");
      Files.move(file, old);
      log.unbanned(ONE);
      awaitLines(file, HEAD + "Unban 192.0.2.1");
    }
    assertThat(old).hasContent(text(HEAD + "Ban 192.0.2.1"));
  }

  @Test
  void aFileThatIsCopiedAndCutIsWrittenFromItsBeginning() throws Exception {
    Path file = folder.resolve("fail2ban.log");
    try (BanLog log = log(file.toString())) {
      log.banned(ONE, NOW, false);
      awaitLines(file, HEAD + "Ban 192.0.2.1");
      Files.write(file, new byte[0]);
      log.unbanned(ONE);
      awaitLines(file, HEAD + "Unban 192.0.2.1");
    }
  }

  @Test
  void whatCanNotBeWrittenIsToldAndWrittenOnceItCan() throws Exception {
    Path file = folder.resolve("fail2ban.log");
    Files.createSymbolicLink(file, Path.of("/dev/full"));
    try (BanLog log = log(file.toString())) {
      for (int i = 0; i < 200_000; i++) {
        log.banned(ONE, NOW, false);
      }
      await()
          .atMost(LIMIT)
          .untilAsserted(
              () ->
                  assertThat(log.problem())
                      .contains(
                          "the ban log " + file + " can't be written: No space left on device"));
      Files.delete(file);
      await().atMost(LIMIT).until(() -> log.problem().isEmpty());
    }
    assertThat(Files.readAllLines(file)).hasSize(100_000).containsOnly(HEAD + "Ban 192.0.2.1");
  }
}
