package io.banstream.enforcer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sets of ipset, whichever iptables asks them. */
abstract class IpsetFirewallIT extends KernelFirewallIT {
  private final Tools tools;

  IpsetFirewallIT(Tools tools) {
    this.tools = tools;
  }

  @Override
  List<String> needed() {
    return List.of("ipset", tools.iptables(), tools.ip6tables());
  }

  @Override
  Firewall open(Shell shell) throws Exception {
    return new IpsetFirewall(shell, tools);
  }

  @Override
  void takeRulesAway() {
    relay.run(tools.iptables(), "-D", "INPUT", "-j", "BANSTREAM");
  }

  @Override
  String noSuchSet() {
    return "does not exist";
  }

  private SavedRules saved(Family family) {
    return SavedRules.parse(relay.run(tools.iptables(family) + "-save"));
  }

  @Override
  List<String> rules() {
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
