package io.banstream.enforcer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A table of nftables. */
class NftFirewallIT extends KernelFirewallIT {
  private static final String INPUT = "inet banstream input";
  private static final String SET = "inet banstream banstream-4-manual";
  private static final String SET6 = "inet banstream banstream-6-manual";

  private String remembered;

  @Override
  FirewallKind kind() {
    return FirewallKind.NFTABLES;
  }

  @Override
  final Tools tools() {
    return new Tools("ipset", "iptables-nft", "ip6tables-nft", "nft");
  }

  @Override
  final void remember() {
    remembered = relay.run("nft", "list", "ruleset");
  }

  @Override
  final void putBack() {
    shell().require(List.of("nft", "-f", "-"), "flush ruleset\n" + remembered);
  }

  @Override
  final String sessionTool() {
    return "nft";
  }

  @Override
  final String smallSet() {
    return "nft 'add table inet banstream; add set %s { type ipv4_addr; flags timeout; size 4; }'"
        .formatted(SET);
  }

  @Override
  String meddle(Meddling what) {
    return switch (what) {
      case RULES_OF_ONE_FAMILY_DELETED ->
          "nft delete rule %1$s handle $(nft -a list chain %1$s | sed -n 's/.*-4-manual.*handle //p')"
              .formatted(INPUT);
      case RULES_FLUSHED -> "nft flush chain " + INPUT;
      case RULES_RELOADED -> "nft delete chain " + INPUT;
      case ALL_FLUSHED -> "nft flush ruleset";
      case SETS_FLUSHED -> "nft 'flush set " + SET + "; flush set " + SET6 + "'";
      case SETS_DESTROYED ->
          "nft 'flush chain %s; delete set %s; delete set %s'".formatted(INPUT, SET, SET6);
      case SET_REPLACED ->
          "nft 'flush chain %1$s; delete set %2$s; add set %2$s { type ipv4_addr; };"
                  .formatted(INPUT, SET)
              + " add element %s { %s }'".formatted(SET, OTHER);
      case SET_OF_ANOTHER_TYPE ->
          """
          nft 'flush chain %1$s; delete set %2$s
          add set %2$s { type ipv4_addr; flags interval, timeout; }
          add element %2$s { 203.0.113.128-203.0.113.140 timeout 10m }
          add rule %1$s ip saddr @banstream-4-manual drop'
          """
              .formatted(INPUT, SET);
      case ENTRY_DELETED -> "nft delete element " + SET + " { " + ONE + " }";
      case ENTRY_SHORTENED ->
          "nft 'delete element %1$s { %2$s }; add element %1$s { %2$s timeout 60s }'"
              .formatted(SET, ONE);
      case ENTRY_ADDED -> "nft add element " + SET + " { " + OTHER + " }";
      case ACCEPT_AMONG_OURS -> "nft insert rule " + INPUT + " accept";
      case ACCEPT_ABOVE -> chain("-200", "accept");
      case ACCEPT_BELOW_AND_POLICY_DROP -> chain("5", "drop");
    };
  }

  /** A table of others, which accepts all. */
  private static String chain(String priority, String policy) {
    return """
        nft 'add table inet theirs
        add chain inet theirs in { type filter hook input priority %s; policy %s; }
        add rule inet theirs in counter accept'
        """
        .formatted(priority, policy);
  }

  @Override
  final String theirs() {
    return chain("0", "drop")
        + """
        nft 'add set inet theirs banned { type ipv4_addr; flags interval; }
        add element inet theirs banned { 192.0.2.77, 192.0.2.128-192.0.2.140 }
        insert rule inet theirs in ip saddr @banned counter drop
        add table ip nat
        add chain ip nat PREROUTING { type nat hook prerouting priority -100; }
        add rule ip nat PREROUTING tcp dport 2525 redirect to :25'
        """;
  }

  @Override
  final String noSuchSet() {
    return "No such file or directory";
  }

  @Override
  final List<String> rules() {
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
        "delete table inet banstream",
        "add set inet banstream banstream-4-odd/24 { type ipv4_addr; flags interval; }",
        "add set inet banstream banstream-4-odd/24 { type ipv4_addr; flags interval;"
            + " elements = { 192.0.2.0/24 }; }",
        "add set inet banstream theirs { type inet_service; elements = { 25, 80 }; }",
        "add set inet banstream theirs { type ipv4_addr . inet_service; flags timeout;"
            + " elements = { 192.0.2.1 . 25 }; }",
        "add rule inet banstream input ip saddr 192.0.2.9 accept",
        "delete table inet banstream; add table inet banstream;"
            + " add set inet banstream banstream-4-manual { type ipv4_addr; flags timeout;"
            + " timeout 1m; }",
        "delete table inet banstream; add table inet banstream;"
            + " add set inet banstream banstream-4-manual { type ipv6_addr; }",
        "delete table inet banstream; add table inet banstream;"
            + " add chain inet banstream input { type filter hook input priority 7; }"
      })
  void theTableIsOursAlone(String byOthers) {
    ban("manual", "192.0.2.1", Instant.now().plusSeconds(600));
    table.jail("odd", List.of(SMTP));
    install();
    String before = relay.run("nft", "-t", "list", "table", "inet", "banstream");
    relay.run("nft", byOthers);
    install();
    assertThat(relay.run("nft", "-t", "list", "table", "inet", "banstream")).isEqualTo(before);
    assertThat(firewall().rulesStand()).isTrue();
    assertThat(firewall().read(Instant.now()).entries(List.of("manual")))
        .containsOnlyKeys(entry("manual", "192.0.2.1"));
  }

  /** What {@code nft -s} does not print. */
  @Test
  void aSetWhoseElementsEndByThemselvesIsReplaced() {
    begin();
    decide("manual", ONE, Change.FOR_EVER);
    sh(
        """
        nft 'flush chain %1$s; delete set %2$s
        add set %2$s { type ipv4_addr; flags timeout; timeout 1h; }
        add rule %1$s ip saddr @banstream-4-manual drop
        add rule %1$s ip6 saddr @banstream-6-manual drop'
        """
            .formatted(INPUT, SET));
    look();
    assertThat(held()).containsExactly(Map.entry(entry("manual", ONE), Change.FOR_EVER));
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
