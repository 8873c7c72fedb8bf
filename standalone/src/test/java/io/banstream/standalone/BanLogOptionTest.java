package io.banstream.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.banstream.enforcer.BanLogTarget;
import io.banstream.jails.ConfigurationException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class BanLogOptionTest {
  private static final Optional<BanLogTarget> FILE =
      Optional.of(new BanLogTarget.ToFile(Path.of("/var/log/fail2ban.log")));

  @TempDir Path folder;

  private final StringWriter told = new StringWriter();

  private Optional<BanLogTarget> target(String... words) throws Exception {
    BanLogOption option = new BanLogOption();
    CommandLine command = new CommandLine(option).setErr(new PrintWriter(told));
    command.parseArgs(words);
    return option.target(command, Optional.of(folder));
  }

  /** As up --config has it. */
  private Optional<BanLogTarget> configured(String conf, String local) throws Exception {
    Files.writeString(folder.resolve("jail.local"), "[sshd]\nenabled = true\n");
    Files.writeString(folder.resolve("fail2ban.conf"), "[DEFAULT]\n[Definition]\n" + conf);
    Files.writeString(folder.resolve("fail2ban.local"), "[Definition]\n" + local);
    return target("--ban-log", "configured");
  }

  @Test
  void noOptionTouchesNoLogWhateverIsConfigured() throws Exception {
    configured("loglevel = NOTICE\n", "logtarget = SYSLOG\n");
    assertThat(target()).isEmpty();
    assertThat(told).hasToString("");
  }

  @Test
  void theLocalFileGoesBeforeTheOther() throws Exception {
    assertThat(configured("loglevel = ERROR\nlogtarget = STDERR\n", "loglevel = DEBUG\n"))
        .map(BanLogTarget::toString)
        .contains("STDERR");
    assertThat(configured("logtarget = STDERR\n", "logtarget = SYSLOG[facility=MAIL]\n"))
        .contains(new BanLogTarget.ToSyslog("mail"));
    assertThat(configured("", "")).isEqualTo(FILE);
    assertThat(told).hasToString("");
  }

  @ParameterizedTest
  @ValueSource(strings = {"WARNING", "error", "26"})
  void aLevelAboveNoticeIsToldToWriteNothing(String level) throws Exception {
    String said = "no ban log: at level %s it has no lines, Ban and Unban are NOTICE%n";
    said = said.formatted(level.toUpperCase());
    assertThat(configured("", "loglevel = " + level + "\n")).isEmpty();
    assertThat(told).hasToString(said);
    assertThat(target("--ban-log", "/var/log/fail2ban.log", "--ban-log-level", level)).isEmpty();
    assertThat(told).hasToString(said + said);
  }

  @Test
  void aLevelThatIsGivenGoesBeforeTheConfigured() throws Exception {
    configured("", "loglevel = ERROR\n");
    assertThat(target("--ban-log", "configured", "--ban-log-level", "25")).isEqualTo(FILE);
  }

  @Test
  void whatIsWrongInAFileIsNamedByItsLine() {
    String expected =
        "expected STDOUT, SYSOUT, STDERR, SYSLOG, SYSTEMD-JOURNAL or a file from / on";
    assertRefused("JOURNAL", expected);
    assertRefused("log/fail2ban.log", expected);
    assertRefused(folder.toString(), "expected a file, not a folder");
    assertThatThrownBy(() -> configured("loglevel = LOUD\n", ""))
        .hasMessage("fail2ban.conf:3: loglevel = LOUD, expected INFO, NOTICE, WARNING, ERROR, ...");
  }

  private void assertRefused(String logtarget, String why) {
    assertThatThrownBy(() -> configured("logtarget = STDOUT\n", "logtarget = " + logtarget + "\n"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("fail2ban.local:2: logtarget = " + logtarget + ", " + why);
  }
}
