package io.banstream.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.banstream.testkit.Netns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One relay, whole: from a line in its mail log to a packet that gets no answer, and back. */
class OneHostIT {
  private static final String RELAY = "198.51.100.1";
  private static final String GUESSER = "198.51.100.66";
  private static final String CUSTOMER = "198.51.100.77";
  private static final String GUESSER_V6 = "2001:db8::66";

  @TempDir Path folder;
  private Netns relay;
  private Netns outside;
  private Smtp smtp;
  private MailLog mailLog;

  @BeforeEach
  void layCables() throws IOException {
    Netns.assumeAvailable("ipset", "iptables", "iptables-save", "nc", "ss");
    relay = Netns.create("relay");
    outside = Netns.create("outside");
    relay.link(RELAY + "/24", outside, GUESSER + "/24");
    outside.run("ip", "addr", "add", CUSTOMER + "/24", "dev", device(outside));
    relay.run("ip", "addr", "add", "2001:db8::1/64", "dev", device(relay), "nodad");
    outside.run("ip", "addr", "add", GUESSER_V6 + "/64", "dev", device(outside), "nodad");
    smtp = Smtp.listen(relay, RELAY, 25);
    mailLog = new MailLog(folder.resolve("maillog"), "relay1");
  }

  @AfterEach
  void clear() {
    if (relay != null) {
      smtp.close();
      outside.close();
      relay.close();
    }
  }

  @Test
  void threeFailuresCloseThePortUntilTheOperatorOpensIt() throws IOException {
    String before = firewall();
    try (Banstream up = up("bantime = 3600")) {
      up.awaitLine("Ready: ");
      assertThat(smtp.answers(outside, GUESSER)).isTrue();
      mailLog.saslFailures(GUESSER, 3);
      assertThat(up.awaitLine("Ban " + GUESSER))
          .contains("in postfix-sasl until")
          .contains("3 failures on relay1");
      assertSecondsLeft(3600);
      String input = relay.run("iptables", "-S", "INPUT");
      assertThat(input.lines().toList().get(1)).isEqualTo("-A INPUT -j BANSTREAM");
      assertThat(relay.run("iptables", "-S", "BANSTREAM"))
          .contains("--match-set banstream-4-postfix-sasl src -j DROP");
      assertThat(smtp.answers(outside, GUESSER)).isFalse();
      assertThat(smtp.answers(outside, CUSTOMER)).isTrue();

      banstream("unban", GUESSER);
      up.awaitLine("Unban " + GUESSER);
      smtp.awaitAnswer(outside, GUESSER);
    }
    assertThat(Banstream.run(relay.prefix(), Map.of(), "flush", "--data", data()))
        .contains("iptables chain BANSTREAM", "ipset banstream-4-postfix-sasl");
    assertThat(firewall()).isEqualTo(before);
  }

  @Test
  void theBanEndsByItself() throws IOException {
    try (Banstream up = up("bantime = 15")) {
      up.awaitLine("Ready: ");
      mailLog.saslFailures(GUESSER, 3);
      up.awaitLine("Ban " + GUESSER);
      assertSecondsLeft(15);
      assertThat(smtp.answers(outside, GUESSER)).isFalse();
      smtp.awaitAnswer(outside, GUESSER);
    }
  }

  @Test
  void ipv6IsClosedAsIpv4Is() throws IOException {
    try (Banstream up = up("bantime = 3600");
        Smtp smtp6 = Smtp.listen(relay, "2001:db8::1", 25)) {
      up.awaitLine("Ready: ");
      smtp6.awaitAnswer(outside, GUESSER_V6);
      mailLog.saslFailures(GUESSER_V6, 3);
      up.awaitLine("Ban " + GUESSER_V6);
      await("dropped").atMost(Banstream.LIMIT).until(() -> !smtp6.answers(outside, GUESSER_V6));
    }
  }

  @Test
  void bansInForceAreFoundAgainInAnExistingLogAndAfterAKill() throws IOException {
    mailLog.saslFailures(GUESSER, 3);
    try (Banstream up = up("bantime = 3600")) {
      up.awaitLine("Ready: ");
      up.awaitLine("Ban " + GUESSER);
      awaitInSet(GUESSER);
      assertThat(smtp.answers(outside, GUESSER)).isFalse();
      up.kill();
    }
    assertThat(smtp.answers(outside, GUESSER)).as("rules stay while it is down").isFalse();
    mailLog.saslFailures(CUSTOMER, 3);
    try (Banstream up = up("bantime = 3600")) {
      up.awaitLine("Ready: ");
      up.awaitLine("Ban " + CUSTOMER);
      awaitInSet(CUSTOMER);
      assertThat(smtp.answers(outside, CUSTOMER)).isFalse();
      assertThat(smtp.answers(outside, GUESSER)).isFalse();
      await("both are counted")
          .atMost(Banstream.LIMIT)
          .until(() -> banstream("status", "postfix-sasl").contains("Total banned:\t2"));
    }
  }

  @Test
  void withNftablesItIsTheSame() throws IOException {
    Netns.assumeTool("nft");
    String before = firewall() + relay.run("nft", "list", "ruleset");
    try (Banstream up = up("bantime = 3600", "nftables")) {
      up.awaitLine("Ready: ");
      mailLog.saslFailures(GUESSER, 3);
      up.awaitLine("Ban " + GUESSER);
      await("dropped").atMost(Banstream.LIMIT).until(() -> !smtp.answers(outside, GUESSER));
      assertThat(smtp.answers(outside, CUSTOMER)).isTrue();
      up.kill();
    }
    assertThat(smtp.answers(outside, GUESSER)).as("the table stays while it is down").isFalse();
    try (Banstream up = up("bantime = 3600", "nftables")) {
      up.awaitLine("Ready: ");
      assertThat(smtp.answers(outside, GUESSER)).isFalse();
      banstream("unban", GUESSER);
      smtp.awaitAnswer(outside, GUESSER);
    }
    assertThat(Banstream.run(relay.prefix(), Map.of(), "flush", "--data", data()))
        .contains("nft table inet banstream");
    assertThat(firewall() + relay.run("nft", "list", "ruleset")).isEqualTo(before);
  }

  private Banstream up(String bantime) throws IOException {
    return up(bantime, "ipset");
  }

  private Banstream up(String bantime, String firewall) throws IOException {
    Path config = Files.createDirectories(folder.resolve("fail2ban"));
    Path actions = Files.createDirectories(config.resolve("action.d"));
    Files.writeString(actions.resolve("iptables-common.local"), "[Init]\nblocktype = DROP\n");
    Files.writeString(
        config.resolve("jail.local"),
        """
        [DEFAULT]
        %s
        findtime = 300
        maxretry = 3

        [postfix-sasl]
        enabled = true
        port = smtp,465,submission
        logpath = %s
        """
            .formatted(bantime, folder.resolve("maillog")));
    return Banstream.start(
        relay.prefix(),
        Map.of(),
        "up",
        "--config",
        config.toString(),
        "--data",
        data(),
        "--firewall",
        firewall,
        "--host",
        "relay1");
  }

  private String data() {
    return folder.resolve("data").toString();
  }

  /** A client command, run on the relay as its administrator would. */
  private String banstream(String... args) {
    return Banstream.run(relay.prefix(), Map.of("BANSTREAM_DATA", data()), args);
  }

  private void awaitInSet(String address) {
    await(address + " in the set")
        .atMost(Banstream.LIMIT)
        .until(() -> relay.run("ipset", "save").contains(address + " timeout"));
  }

  private void assertSecondsLeft(int bantime) {
    awaitInSet(GUESSER);
    Matcher left =
        Pattern.compile(Pattern.quote(GUESSER) + " timeout (\\d+)")
            .matcher(relay.run("ipset", "save"));
    assertThat(left.find()).isTrue();
    assertThat(Integer.parseInt(left.group(1))).isBetween(1, bantime);
  }

  private String firewall() {
    StringBuilder all = new StringBuilder();
    for (List<String> command :
        List.of(List.of("iptables-save"), List.of("ip6tables-save"), List.of("ipset", "save"))) {
      all.append(relay.run(command.toArray(String[]::new)));
    }
    return all.toString().replaceAll("(?m)^#.*\n", "");
  }

  private static String device(Netns netns) {
    return netns
        .run("ip", "-o", "link")
        .lines()
        .filter(line -> line.contains(": v"))
        .map(line -> line.replaceFirst("^\\d+: (v\\w+)@.*", "$1"))
        .findFirst()
        .orElseThrow();
  }
}
