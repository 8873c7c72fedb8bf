package io.banstream.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.banstream.testkit.Netns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wrong passwords at real servers, each attacker in a namespace of its own: the third is a ban. */
class RealServersIT {
  private static final int SMTP = 25;
  private static final int IMAP = 143;
  private static final int SSH = 22;

  @TempDir Path work;

  @ParameterizedTest
  @CsvSource({"TRADITIONAL, 198.51.100., /24", "RFC3339, 2001:db8::, /64"})
  void thirdWrongPasswordAtEachServerBans(LogFormat format, String net, String prefix)
      throws Exception {
    MailRelay.assumeAvailable();
    Netns.assumeAvailable("ipset", "iptables", "ip6tables");
    String server = net + "1";
    try (Netns cables = Netns.create("switch");
        Netns host = Netns.create("relay");
        Netns smtp = Netns.create("smtp");
        Netns imap = Netns.create("imap");
        Netns secureShell = Netns.create("ssh");
        Netns other = Netns.create("other")) {
      cables.beSwitch();
      host.plugInto(cables, server + prefix);
      Client smtpAttacker = plugIn(smtp, cables, net + "21", prefix);
      Client imapAttacker = plugIn(imap, cables, net + "22", prefix);
      Client sshAttacker = plugIn(secureShell, cables, net + "23", prefix);
      Client bystander = plugIn(other, cables, net + "24", prefix);
      SshLogin ssh = new SshLogin(Files.createDirectory(work.resolve("client")));

      try (MailRelay relay = MailRelay.start(host, work, false);
          Banstream up = up(host, configuration(relay, format))) {
        up.awaitLine("Ready: ");
        for (int i = 0; i < 3; i++) {
          assertThat(SmtpLogin.plain(smtpAttacker, server, "alice", "wrong")).startsWith("535 ");
          assertThat(ImapLogin.login(imapAttacker, server, "alice", "wrong", 1))
              .startsWith("a NO [AUTHENTICATIONFAILED]");
          assertThat(ssh.password(sshAttacker, server, "alice", "wrong", 1)).isFalse();
          if (i == 1) {
            assertThat(ssh.password(bystander, server, "alice", "right", 1)).isTrue();
          }
        }
        assertBanned(up, smtpAttacker, "postfix-sasl", server, SMTP);
        assertBanned(up, imapAttacker, "dovecot", server, IMAP);
        assertBanned(up, sshAttacker, "sshd", server, SSH);
        for (int port : List.of(SMTP, IMAP, SSH)) {
          await(bystander + " let in to " + port)
              .atMost(Banstream.LIMIT)
              .until(() -> bystander.isGreetedBy(server, port));
        }
        assertThat(up.output().lines().filter(line -> line.startsWith("Ban "))).hasSize(3);
        await("a mail a ban, taken by Postfix")
            .atMost(Banstream.LIMIT)
            .until(() -> mailsTaken(relay, format) == 3);
      }
    }
  }

  private static Client plugIn(Netns netns, Netns cables, String address, String prefix) {
    netns.plugInto(cables, address + prefix);
    return new Client(netns, address);
  }

  private static void assertBanned(
      Banstream up, Client attacker, String jail, String server, int port) {
    assertThat(up.awaitLine("Ban " + attacker.address() + " in " + jail + " "))
        .endsWith(": 3 failures on relay1");
    // The line tells of the decision; the kernel has it a moment later.
    await(attacker + " shut out of " + port)
        .atMost(Banstream.LIMIT)
        .until(() -> !attacker.isGreetedBy(server, port));
  }

  /** Postfix has no transport for them, and keeps them in its queue. */
  private static long mailsTaken(MailRelay relay, LogFormat format) throws IOException {
    try (Stream<String> lines = Files.lines(relay.mailLog(format), ISO_8859_1)) {
      return lines
          .filter(l -> l.contains("from=<fail2ban@relay1.example.com>") && l.contains("nrcpt=1"))
          .map(l -> l.replaceFirst(".*: ([0-9A-Za-z]+): from=.*", "$1"))
          .distinct()
          .count();
    }
  }

  private Banstream up(Netns host, Path configuration) {
    return Banstream.start(
        host.prefix(),
        Map.of(),
        "up",
        "--firewall",
        "ipset",
        "--host",
        "relay1",
        "--http",
        "127.0.0.1:0",
        "--config",
        configuration.toString(),
        "--smtp",
        "smtp://127.0.0.1",
        "--data",
        work.resolve("data").toString());
  }

  private Path configuration(MailRelay relay, LogFormat format) throws IOException {
    Path folder = Files.createDirectory(work.resolve("configuration"));
    Files.writeString(
        folder.resolve("jail.local"),
        """
        [DEFAULT]
        bantime = 600
        findtime = 300
        maxretry = 3
        ignoreip =
        banaction = iptables-multiport[blocktype=DROP]
        action = %%(action_)s
                 sendmail-whois-lines[dest=alice@relay1.example.com, sender=fail2ban@relay1.example.com]

        [sshd]
        enabled = true
        port = ssh
        logpath = %1$s

        [postfix-sasl]
        enabled = true
        port = smtp,submission
        logpath = %2$s

        [dovecot]
        enabled = true
        port = imap
        logpath = %2$s
        """
            .formatted(relay.authLog(format), relay.mailLog(format)));
    return folder;
  }
}
