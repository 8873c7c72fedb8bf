package io.banstream.enforcer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NftFirewallIT extends KernelFirewallIT {
  @Override
  List<String> needed() {
    return List.of("nft");
  }

  @Override
  Firewall open(Shell shell) throws Exception {
    return new NftFirewall(shell, Tools.STANDARD);
  }

  @Override
  void takeRulesAway() {
    relay.run("nft", "flush", "chain", "inet", "banstream", "input");
  }

  @Override
  String noSuchSet() {
    return "No such file or directory";
  }

  @Override
  List<String> rules() {
    return relay
        .run("nft", "-s", "list", "table", "inet", "banstream")
        .lines()
        .filter(line -> line.matches("\t\t.*@banstream.*"))
        .map(String::strip)
        .toList();
  }

  @Test
  void eachHookThatIsNamedHasAChainWhileItIs() {
    table.jail("a", List.of(IptablesScriptTest.closure("", "udp", "FORWARD", "DROP")));
    install();
    assertThat(relay.run("nft", "list", "chain", "inet", "banstream", "forward"))
        .contains("type filter hook forward priority filter - 10; policy accept;")
        .contains("meta l4proto udp ip6 saddr @banstream-6-a drop");
    table.withdraw("a");
    install();
    assertThat(relay.run("nft", "list", "table", "inet", "banstream"))
        .contains("hook input")
        .doesNotContain("forward");
  }

  /** Whatever others made of it is replaced at once. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "flush ruleset",
        "delete table inet banstream",
        "add set inet banstream banstream-4-odd/24 { type ipv4_addr; flags interval; }",
        "add rule inet banstream input ip saddr 192.0.2.9 accept",
        "delete table inet banstream; add table inet banstream;"
            + " add set inet banstream banstream-4-manual { type ipv6_addr; }",
        "delete table inet banstream; add table inet banstream;"
            + " add chain inet banstream input { type filter hook input priority 7; }"
      })
  void theTableIsOursAlone(String byOthers) {
    ban("manual", "192.0.2.1", Instant.now().plusSeconds(600));
    table.jail("odd", List.of(SMTP));
    install();
    List<String> rules = rules();
    relay.run("nft", byOthers);
    install();
    assertThat(rules()).isEqualTo(rules);
    assertThat(firewall().rulesStand()).isTrue();
    assertThat(firewall().read(Instant.now()).entries(List.of("manual")))
        .containsOnlyKeys(entry("manual", "192.0.2.1"));
  }

  @Test
  void anElementThatIsOverAmidAChangeHoldsNothingUp() throws Exception {
    install();
    Entry one = entry("manual", "192.0.2.1");
    firewall().apply(List.of(new Change.Put(one, Instant.now().plusSeconds(1))), Instant.now());
    Instant before = Instant.now();
    NftTable held = new NftTable();
    String listed = relay.run("nft", "-j", "list", "table", "inet", "banstream");
    held.add(new ByteArrayInputStream(listed.getBytes(StandardCharsets.UTF_8)), before);
    assertThat(held.holds(one)).isTrue();
    relay.run("nft", "flush", "set", "inet", "banstream", "banstream-4-manual");
    assertThat(firewall().apply(List.of(new Change.Take(one)), before).refusals()).isEmpty();
  }
}
