package io.banstream.enforcer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The contract beside a firewalld whose rules are iptables' own, as on CentOS 7. */
class BesideFirewalldIptablesIT extends IpsetFirewallIT {
  @TempDir Path folder;
  private RunningFirewalld firewalld;

  BesideFirewalldIptablesIT() {
    super(new Tools("ipset", "iptables-legacy", "ip6tables-legacy", "nft"));
  }

  @Override
  Firewall open(Shell shell) throws Exception {
    RunningFirewalld.assumeAvailable();
    firewalld = RunningFirewalld.start(relay, folder, RunningFirewalld.Backend.IPTABLES_LEGACY);
    assertThat(Firewalld.find(shell, firewalld.tools())).contains(Firewalld.IN_IPTABLES);
    return super.open(shell);
  }

  @Override
  void takeRulesAway() {
    firewalld.run("--reload");
  }
}
