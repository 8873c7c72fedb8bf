package io.banstream.enforcer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.banstream.testkit.Netns;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The contract on a kernel, and what only packets show. */
abstract class KernelFirewallIT extends FirewallContract {
  Netns relay;
  private Netns attacker;
  private Firewall firewall;

  /** The tools that must be there. */
  abstract List<String> needed();

  abstract Firewall open(Shell shell) throws Exception;

  /** Somebody else takes our rules away, and leaves the rest. */
  abstract void takeRulesAway();

  @BeforeEach
  void open() throws Exception {
    List<String> needed = new ArrayList<>(needed());
    needed.add("ping");
    Netns.assumeAvailable(needed.toArray(String[]::new));
    relay = Netns.create("relay");
    attacker = Netns.create("attacker");
    relay.link("198.51.100.1/24", attacker, "198.51.100.2/24");
    attacker.run("ip", "addr", "add", "198.51.100.3/24", "dev", device(attacker));
    relay.run("ip", "addr", "add", "2001:db8::1/64", "dev", device(relay), "nodad");
    attacker.run("ip", "addr", "add", "2001:db8::2/64", "dev", device(attacker), "nodad");
    firewall = open(new Shell(relay.prefix(), Duration.ofSeconds(30)));
  }

  private static String device(Netns host) {
    return host.run("ip", "-o", "-4", "addr", "show", "scope", "global").split("\\s+")[1];
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

  private boolean pings(String from) {
    return attacker.tryRun("ping", "-c1", "-W1", "-I", from, "198.51.100.1").exit() == 0;
  }

  private boolean pings6() {
    return attacker.tryRun("ping", "-6", "-c1", "-W1", "2001:db8::1").exit() == 0;
  }

  private void put(String address, Instant until) {
    Change put = new Change.Put(entry("manual", address), until);
    assertThat(firewall.apply(List.of(put), Instant.now()).refusals()).isEmpty();
  }

  @Test
  void packetsOfABannedAddressAreDroppedUntilItsEndAndOthersPass() {
    install();
    assertThat(pings("198.51.100.2")).isTrue();
    put("198.51.100.2", Instant.now().plusSeconds(4));
    assertThat(pings("198.51.100.2")).isFalse();
    assertThat(pings("198.51.100.3")).isTrue();
    await().atMost(Duration.ofSeconds(20)).until(() -> pings("198.51.100.2"));
  }

  @Test
  void packetsFromABannedNetworkAreDropped() {
    install();
    assertThat(pings6()).isTrue();
    put("198.51.100.2/31", Change.FOR_EVER);
    put("2001:db8::/64", Change.FOR_EVER);
    assertThat(pings("198.51.100.2")).isFalse();
    assertThat(pings("198.51.100.3")).isFalse();
    assertThat(pings6()).isFalse();
    for (String network : List.of("198.51.100.2/31", "2001:db8::/64")) {
      firewall.apply(List.of(new Change.Take(entry("manual", network))), Instant.now());
    }
    assertThat(pings("198.51.100.2")).isTrue();
    assertThat(pings6()).isTrue();
  }

  @Test
  void aBannedAddressGetsThroughToNoPortThatIsClosedAndToTheOthers() {
    table.jail("icmp", List.of(IptablesScriptTest.closure("", "icmp", "INPUT", "DROP")));
    table.jail("sasl", List.of(SMTP));
    ban("sasl", "198.51.100.3", Instant.now().plusSeconds(600));
    ban("icmp", "198.51.100.2", Instant.now().plusSeconds(600));
    ban("icmp", "2001:db8::2", Instant.now().plusSeconds(600));
    assertThat(install().refusals()).isEmpty();
    assertThat(pings("198.51.100.2")).isFalse();
    assertThat(pings("198.51.100.3")).isTrue();
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
        .hasMessageContaining(needed().get(0));
    firewall.apply(List.of(new Change.Take(one)), Instant.now());
    assertThat(firewall.read(Instant.now()).count("manual")).isZero();
  }

  @Test
  void aJailThatIsRefusedIsToldAndTheOthersStand() {
    table.jail("good", List.of(SMTP));
    table.jail("lost", List.of(IptablesScriptTest.closure("25", "tcp", "NO-SUCH-CHAIN", "DROP")));
    table.jail("odd", List.of(IptablesScriptTest.closure("", "all", "INPUT", "NO_SUCH_TARGET")));
    Outcome outcome = install();
    assertThat(outcome.refusals()).extracting(Outcome.Refusal::jail).containsOnly("lost", "odd");
    assertThat(rulesOf("good")).isNotEmpty();
    assertThat(rulesOf("manual")).isNotEmpty();
    assertThat(rules()).hasSize(rulesOf("good").size() + rulesOf("manual").size());
    put("198.51.100.2", Change.FOR_EVER);
    assertThat(pings("198.51.100.2")).isFalse();
  }

  @Test
  void rulesThatOthersTookAwayAreMissedAndPutUpAgain() {
    install();
    takeRulesAway();
    assertThat(firewall.rulesStand()).isFalse();
    install();
    assertThat(firewall.rulesStand()).isTrue();
    put("198.51.100.2", Change.FOR_EVER);
    assertThat(pings("198.51.100.2")).isFalse();
  }

  @Test
  void refusalsWithOptionsStandInBothFamilies() {
    table.jail(
        "a",
        List.of(
            IptablesScriptTest.closure(
                "25,6000:6010", "tcp", "INPUT", "REJECT --reject-with icmp-port-unreachable"),
            IptablesScriptTest.closure("", "tcp", "INPUT", "REJECT --reject-with tcp-reset"),
            IptablesScriptTest.closure("53", "all", "FORWARD", "REJECT")));
    assertThat(install().refusals()).isEmpty();
    assertThat(rulesOf("a")).anyMatch(r -> r.matches(".*icmp(v6 |6-)port-unreachable"));
    assertThat(firewall.rulesStand()).isTrue();
  }

  @Test
  void aHundredThousandBansAreInTheKernelAtOnce() {
    Instant until = Instant.now().plusSeconds(6000);
    for (int i = 0; i < 100_000; i++) {
      ban("manual", "10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255), until);
    }
    assertThat(install().counts()).isEqualTo(Map.of("manual", 100_000));
    assertThat(firewall.read(Instant.now()).count("manual")).isEqualTo(100_000);
  }
}
