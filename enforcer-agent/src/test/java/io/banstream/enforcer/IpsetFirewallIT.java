package io.banstream.enforcer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sets of ipset, whichever iptables asks them. */
abstract class IpsetFirewallIT extends KernelFirewallIT {
  private final Tools tools;
  private final Map<Family, String> remembered = new EnumMap<>(Family.class);

  IpsetFirewallIT(Tools tools) {
    this.tools = tools;
  }

  @Override
  FirewallKind kind() {
    return FirewallKind.IPSET;
  }

  @Override
  final Tools tools() {
    return tools;
  }

  @Override
  final void remember() {
    for (Family family : Family.values()) {
      String tool = tools.iptables(family);
      relay.run(tool, "-S"); // or an empty table would not be saved
      remembered.put(family, relay.run(tool + "-save", "-t", "filter"));
    }
  }

  @Override
  final void putBack() {
    remembered.forEach(
        (family, saved) -> shell().require(List.of(tools.iptables(family) + "-restore"), saved));
    relay.run("ipset", "destroy");
  }

  @Override
  final String sessionTool() {
    return "ipset";
  }

  @Override
  final String noSuchSet() {
    return "does not exist";
  }

  @Override
  final String smallSet() {
    return "ipset create banstream-4-manual hash:net family inet maxelem 4 timeout 0";
  }

  /** Of both families' iptables. */
  private String both(String rest) {
    return tools.iptables() + " " + rest + "\n" + tools.ip6tables() + " " + rest + "\n";
  }

  @Override
  String meddle(Meddling what) {
    return switch (what) {
      case RULES_OF_ONE_FAMILY_DELETED -> tools.iptables() + " -D BANSTREAM 1";
      case RULES_FLUSHED -> both("-F BANSTREAM");
      case RULES_RELOADED -> both("-D INPUT -j BANSTREAM");
      case ALL_FLUSHED -> both("-F") + both("-X BANSTREAM") + "ipset destroy";
      case SETS_FLUSHED -> "ipset flush";
      case SETS_DESTROYED -> both("-F BANSTREAM") + "ipset destroy";
      case SET_REPLACED ->
          """
          ipset create other hash:net
          ipset add other %s
          ipset swap other banstream-4-manual
          ipset destroy other
          """
              .formatted(OTHER);
      case SET_OF_ANOTHER_TYPE ->
          """
          rules=$(%1$s-save -t filter)
          %1$s -F BANSTREAM
          ipset destroy banstream-4-manual
          ipset create banstream-4-manual hash:ip timeout 0
          ipset add banstream-4-manual %2$s
          printf '%%s\\n' "$rules" | %1$s-restore
          """
              .formatted(tools.iptables(), OTHER);
      case ENTRY_DELETED -> "ipset del banstream-4-manual " + ONE;
      case ENTRY_SHORTENED -> "ipset -exist add banstream-4-manual " + ONE + " timeout 60";
      case ENTRY_ADDED -> "ipset add banstream-4-manual " + OTHER;
      case ACCEPT_AMONG_OURS -> both("-I BANSTREAM 1 -j ACCEPT");
      case ACCEPT_ABOVE -> both("-I INPUT 1 -j ACCEPT");
      case ACCEPT_BELOW_AND_POLICY_DROP -> both("-A INPUT -j ACCEPT") + both("-P INPUT DROP");
    };
  }

  @Override
  final String theirs() {
    return """
        ipset create f2b-sshd hash:ip timeout 600
        ipset add f2b-sshd 192.0.2.77 timeout 0
        ipset create banned hash:net family inet6
        ipset add banned 2001:db8:9::/48
        %1$s -I INPUT -m set --match-set f2b-sshd src -j DROP
        %2$s -I INPUT -m set --match-set banned src -j DROP
        """
            .formatted(tools.iptables(), tools.ip6tables())
        + both("-N f2b-sshd")
        + both("-A f2b-sshd -j RETURN")
        + both("-A INPUT -p tcp --dport 22 -j f2b-sshd")
        + both("-A OUTPUT -p tcp --dport 22 -j ACCEPT")
        + both("-A FORWARD -p tcp --dport 22 -j ACCEPT")
        + both("-P FORWARD DROP");
  }

  private SavedRules saved(Family family) {
    return SavedRules.parse(relay.run(tools.iptables(family) + "-save"));
  }

  @Override
  final List<String> rules() {
    List<String> rules = new ArrayList<>();
    for (Family family : Family.values()) {
      SavedRules saved = saved(family);
      saved.ourChains().forEach(chain -> rules.addAll(saved.rules(chain)));
    }
    return rules;
  }

  @Test
  void thatTheRulesAreGoneIsSeenWithoutAProcess() {
    assertThat(firewall().rulesAreGone()).as("before there are any").isFalse();
    install();
    assertThat(firewall().rulesAreGone()).isFalse();
    for (Family family : Family.values()) {
      relay.run(tools.iptables(family), "-F");
      assertThat(firewall().rulesAreGone()).isTrue();
      install();
      assertThat(firewall().rulesAreGone()).isFalse();
    }
  }

  /** Types that no swap puts in the place of ours, nor ours in theirs. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "hash:ip",
        "hash:net timeout 0 family inet6",
        "hash:ip,port timeout 0; ipset add banstream-4-manual 192.0.2.9,tcp:25",
        "bitmap:ip range 192.0.2.0/24",
        "list:set"
      })
  void aSetOfAnotherTypeIsReplaced(String made) {
    ban("manual", ONE, in(600));
    ban("manual", ONE6, in(600));
    sh("ipset create banstream-4-manual " + made);
    begin();
    expect(silent(ONE), silent(ONE6), answered(OTHER));
    assertThat(held()).containsOnlyKeys(entry("manual", ONE), entry("manual", ONE6));
    assertThat(relay.run("ipset", "list", "-n").lines())
        .containsExactlyInAnyOrder("banstream-4-manual", "banstream-6-manual");
  }

  @Test
  void whileASetOfAnotherTypeIsReplacedNobodyGetsThroughWhoIsInBoth() {
    begin();
    bans(ONE, ONE6);
    sh(meddle(Meddling.SET_OF_ANOTHER_TYPE) + "ipset add banstream-4-manual " + ONE);
    neverOpen(List.of(ONE, ONE6), this::look);
    expect(silent(ONE), silent(ONE6), answered(OTHER));
    assertThat(relay.run("ipset", "list", "banstream-4-manual")).contains("Type: hash:net\n");
    assertThat(saved(Family.V4).ours()).contains("--match-set banstream-4-manual src");
  }

  @Test
  void aSetOfAnotherTypeThatRulesOfOthersNameIsToldAsLongAsTheyDo() {
    table.jail("smtp", List.of(SMTP));
    begin();
    String rule = " INPUT -m set --match-set banstream-4-manual src\n";
    sh(meddle(Meddling.SET_OF_ANOTHER_TYPE) + tools.iptables() + " -A" + rule);
    keeper.compare(Instant.now());
    keeper.restore(Instant.now());
    assertThat(keeper.wrong())
        .hasValueSatisfying(w -> assertThat(w).contains("banstream-4-manual"));
    ban("smtp", ONE, in(600));
    Outcome outcome = install();
    assertThat(outcome.refusals()).extracting(Outcome.Refusal::jail).containsOnly("manual");
    expect(silent(ONE, "tcp 25"), answered(ONE, "udp 25"));
    sh(tools.iptables() + " -D" + rule);
    assertThat(install().refusals()).isEmpty();
    assertThat(held()).containsOnlyKeys(entry("smtp", ONE));
  }

  @Test
  void ourChainsAreJumpedToFirstThing() {
    table.jail("a", List.of(IptablesScriptTest.closure("", "udp", "FORWARD", "DROP")));
    install();
    assertThat(saved(Family.V4).rules("INPUT")).startsWith("-j BANSTREAM");
    assertThat(saved(Family.V6).rules("FORWARD")).startsWith("-j BANSTREAM-of-FORWARD");
    assertThat(saved(Family.V6).rules("BANSTREAM-of-FORWARD"))
        .containsExactly("-p udp -m set --match-set banstream-6-a src -j DROP");
    table.withdraw("a");
    install();
    assertThat(saved(Family.V6).rules("FORWARD")).doesNotContain("-j BANSTREAM-of-FORWARD");
    assertThat(saved(Family.V4).rules("INPUT")).containsOnlyOnce("-j BANSTREAM");
  }
}
