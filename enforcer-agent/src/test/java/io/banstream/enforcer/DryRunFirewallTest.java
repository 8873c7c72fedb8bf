package io.banstream.enforcer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DryRunFirewallTest extends FirewallContract {
  private final List<String> printed = new ArrayList<>();
  private final DryRunFirewall firewall = new DryRunFirewall(printed::add);

  @Override
  Firewall firewall() {
    return firewall;
  }

  @Override
  String noSuchSet() {
    return "does not exist";
  }

  @Override
  List<String> rules() {
    List<String> rules = new ArrayList<>();
    for (Family family : Family.values()) {
      SavedRules all = firewall.rules(family);
      all.ourChains().forEach(chain -> rules.addAll(all.rules(chain)));
    }
    return rules;
  }

  @Test
  void theCommandsArePrintedAsTheyWouldHaveRun() {
    install();
    assertThat(printed)
        .contains(
            "ipset create -exist banstream-4-manual hash:net family inet hashsize 1024"
                + " maxelem 1048576 timeout 0",
            "iptables -N BANSTREAM",
            "iptables -A BANSTREAM -m set --match-set banstream-4-manual src -j DROP",
            "iptables -I INPUT 1 -j BANSTREAM",
            "ip6tables -I INPUT 1 -j BANSTREAM");
    printed.clear();
    firewall.apply(List.of(new Change.Take(entry("manual", "192.0.2.1"))), Instant.now());
    assertThat(printed).containsExactly("ipset del -exist banstream-4-manual 192.0.2.1");
  }
}
