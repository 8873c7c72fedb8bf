package io.banstream.enforcer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.banstream.testkit.Netns;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The contract on a kernel, and what only packets show. */
abstract class IpsetFirewallIT extends FirewallContract {
  private final Tools tools;
  private Netns relay;
  private Netns attacker;
  private IpsetFirewall firewall;

  IpsetFirewallIT(Tools tools) {
    this.tools = tools;
  }

  @BeforeEach
  void open() {
    Netns.assumeAvailable("ipset", tools.iptables(), tools.ip6tables(), "ping");
    relay = Netns.create("relay");
    attacker = Netns.create("attacker");
    relay.link("198.51.100.1/24", attacker, "198.51.100.2/24");
    attacker.run("ip", "addr", "add", "198.51.100.3/24", "dev", device());
    firewall = new IpsetFirewall(new Shell(relay.prefix(), Duration.ofSeconds(30)), tools);
  }

  private String device() {
    return attacker.run("ip", "-o", "-4", "addr", "show", "scope", "global").split("\\s+")[1];
  }

  @AfterEach
  void close() {
    if (firewall != null) {
      firewall.close();
      relay.close();
      attacker.close();
    }
  }

  @Override
  Firewall firewall() {
    return firewall;
  }

  @Override
  List<String> rules(Family family, String chain) {
    return SavedRules.parse(relay.run(tools.iptables(family) + "-save")).rules(chain);
  }

  private boolean pings(String from) {
    return attacker.tryRun("ping", "-c1", "-W1", "-I", from, "198.51.100.1").exit() == 0;
  }

  @Test
  void packetsOfABannedAddressAreDroppedUntilItsEndAndOthersPass() {
    install();
    assertThat(pings("198.51.100.2")).isTrue();
    Change put = new Change.Put(entry("manual", "198.51.100.2"), Instant.now().plusSeconds(4));
    firewall.apply(List.of(put), Instant.now());
    assertThat(pings("198.51.100.2")).isFalse();
    assertThat(pings("198.51.100.3")).isTrue();
    await().atMost(Duration.ofSeconds(20)).until(() -> pings("198.51.100.2"));
  }

  @Test
  void aSessionThatIsKilledIsToldAndTheNextOneServes() throws Exception {
    install();
    Entry one = entry("manual", "192.0.2.1");
    firewall.apply(List.of(new Change.Put(one, Change.FOR_EVER)), Instant.now());
    for (String pid : relay.run("ip", "netns", "pids", relay.name()).split("\\s+")) {
      ProcessHandle.of(Long.parseLong(pid)).ifPresent(ProcessHandle::destroyForcibly);
    }
    assertThatThrownBy(() -> firewall.apply(List.of(new Change.Take(one)), Instant.now()))
        .isInstanceOf(FirewallException.class)
        .hasMessageContaining("ipset");
    firewall.apply(List.of(new Change.Take(one)), Instant.now());
    assertThat(firewall.read(Instant.now()).count("manual")).isZero();
  }

  @Test
  void aJailThatIptablesRefusesIsToldAndTheOthersStand() {
    table.jail("good", List.of(SMTP));
    table.jail("lost", List.of(IptablesScriptTest.closure("25", "tcp", "NO-SUCH-CHAIN", "DROP")));
    table.jail("odd", List.of(IptablesScriptTest.closure("", "all", "INPUT", "NO_SUCH_TARGET")));
    Outcome outcome = install();
    assertThat(outcome.refusals()).extracting(Outcome.Refusal::jail).containsOnly("lost", "odd");
    assertThat(rules(Family.V4, "BANSTREAM"))
        .containsExactly(
            "-p tcp -m tcp --dport 25 -m set --match-set banstream-4-good src -j DROP",
            "-m set --match-set banstream-4-manual src -j DROP");
    assertThat(rules(Family.V4, "INPUT")).containsExactly("-j BANSTREAM");
  }

  @Test
  void rulesThatOthersTookAwayAreMissedAndPutUpAgain() {
    install();
    relay.run(tools.iptables(), "-D", "INPUT", "-j", "BANSTREAM");
    assertThat(firewall.rulesStand()).isFalse();
    install();
    assertThat(firewall.rulesStand()).isTrue();
  }

  @Test
  void refusalsWithOptionsStandInBothFamilies() {
    table.jail(
        "a",
        List.of(
            IptablesScriptTest.closure(
                "25,6000:6010", "tcp", "INPUT", "REJECT --reject-with icmp-port-unreachable")));
    assertThat(install().refusals()).isEmpty();
    assertThat(rules(Family.V6, "BANSTREAM").get(0))
        .endsWith("-j REJECT --reject-with icmp6-port-unreachable");
  }

  @Test
  void aHundredThousandBansAreInTheKernelByOneRestore() throws IOException {
    Instant until = Instant.now().plusSeconds(6000);
    for (int i = 0; i < 100_000; i++) {
      ban("manual", "10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255), until);
    }
    assertThat(install().applied()).isEqualTo(Map.of("manual", 100_000));
    assertThat(firewall.read(Instant.now()).count("manual")).isEqualTo(100_000);
  }
}
