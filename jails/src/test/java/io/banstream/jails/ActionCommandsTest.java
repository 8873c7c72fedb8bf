package io.banstream.jails;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.banstream.schemas.Address;
import io.banstream.testkit.HostileValues;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of an action's lines, with the shell that there is. */
class ActionCommandsTest {
  private static final Address ADDRESS = Address.parse("192.0.2.1");
  private static final ShellCommand SHELL = new ShellCommand(List.of(), Duration.ofSeconds(60));

  @TempDir Path folder;

  /** Who has an address says what it is called. */
  private static String fill(String line, String hostName) {
    FailureTags tags = new FailureTags(ADDRESS, Optional.empty(), inet -> hostName);
    return ActionCommands.fill(line, tags::word);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x=<ip-host>",
        "echo <ip-host>",
        "echo \"<ip-host>\"",
        "echo '<ip-host>'",
        "eval \"echo '<ip-host>'\"",
        "sh -c \"echo <ip-host>\"",
        "echo `echo <ip-host>`",
        "bash -c 'echo $((<ip-host>))'",
        "cat <<EOF\n<ip-host>\nEOF\n",
        "true # <ip-host>\n"
      })
  void aHostileValueIsNeverRun(String line) throws Exception {
    Path run = folder.resolve("run");
    for (String hostile : HostileValues.thatRun(run)) {
      assertThatThrownBy(() -> SHELL.run(fill(line, hostile)))
          .as(hostile)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("<ip-host> is no plain word");
    }
    assertThat(run).doesNotExist();
  }

  /** The check above could not fail if nothing ever reached the shell. */
  @Test
  void aPlainValueReachesTheShell() throws Exception {
    Path run = folder.resolve("run");
    assertThat(SHELL.run(fill("touch " + run + ".<ip-host>", "mail.example.com"))).isZero();
    assertThat(Path.of(run + ".mail.example.com")).exists();
  }

  @Test
  void aTagThatNoBanGivesAValueIsRefused() {
    assertThatThrownBy(() -> new ActionCommands("a", Map.of("actionban", "x <F-USER>"), Map.of()))
        .hasMessage("<F-USER> has no value here");
    assertThat(fill("read a <file>out; x <ip>/<family>", ""))
        .isEqualTo("read a <file>out; x 192.0.2.1/inet4");
  }

  @Test
  void linesAreByFamilyAndThoseOfBothAreOne() {
    ActionCommands commands =
        new ActionCommands(
            "a",
            Map.of("actionstart", "s", "actionban", "x", "actioncheck", " "),
            Map.of("actionstart", "s", "actionban", "x6", "norestored", "1"));
    assertThat(commands.command("actionban", "inet4")).contains("x");
    assertThat(commands.command("actionban", "inet6")).contains("x6");
    assertThat(commands.commands("actionstart")).containsExactly("s");
    assertThat(commands.commands("actionban")).containsExactly("x", "x6");
    assertThat(commands.commands("actioncheck")).isEmpty();
  }

  @Test
  void anActionOfAFolderIsRunAsItIsWrittenThere() throws Exception {
    Files.createDirectories(folder.resolve("action.d"));
    Files.writeString(
        folder.resolve("action.d/block.conf"),
        """
        [Definition]
        norestored = 1
        actionstart = printf %%b "<init>\\n"
        actionban = block -t <kind> -p <port> -c "<comment>" <ip> <bantime>
        actionunban = unblock -t <kind> <ip>
        actionother = nothing
        [Init]
        kind = four
        comment = after <failures> against <name><br>
        init = x
        [Init?family=inet6]
        kind = six
        """);
    Files.writeString(
        folder.resolve("action.d/user.conf"), "[Definition]\nactionban = x <F-USER>\n");
    Files.writeString(folder.resolve("action.d/own.py"), "");
    Files.writeString(
        folder.resolve("jail.local"),
        """
        [sshd]
        enabled = true
        port = 22
        action = block[init=y, port=22]
                 user
                 own.py
                 sendmail
        """);
    Configuration read = Configuration.read(folder);
    Enforcement enforcement = read.jails().get(0).enforcement();
    assertThat(enforcement.closures()).isEmpty();
    assertThat(enforcement.actions())
        .extracting(a -> a.commands().isPresent())
        .containsExactly(true, false, false, false);
    ActionCommands block = enforcement.actions().get(0).commands().orElseThrow();
    assertThat(block.name()).isEqualTo("block");
    assertThat(block.isNoRestored()).isTrue();
    assertThat(block.inet4())
        .isEqualTo(
            Map.of(
                "norestored", "1",
                "actionstart", "printf %b \"y\\n\"",
                "actionban",
                    "block -t four -p 22 -c \"after <failures> against sshd\n\" <ip> <bantime>",
                "actionunban", "unblock -t four <ip>"));
    assertThat(block.command("actionunban", "inet6")).contains("unblock -t six <ip>");
    assertThat(read.notices())
        .extracting(Notice::toString)
        .contains(
            "jail.local:4: action block runs on hosts whose enforcer has --allow-actions",
            "jail.local:4: action user is not run: <F-USER> has no value here",
            "jail.local:4: action own is not run: it is Python",
            "jail.local:4: jail sshd closes nothing but by block, on hosts whose enforcer has"
                + " --allow-actions");
  }
}
