package io.banstream.enforcer;

import static org.assertj.core.api.Assertions.assertThat;

import io.banstream.enforcer.RunningFirewalld.Backend;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The contract beside a firewalld whose rules are iptables' own, as on CentOS 7. */
class BesideFirewalldIptablesIT extends IpsetFirewallIT {
  @TempDir static Path folder;
  private RunningFirewalld firewalld;

  BesideFirewalldIptablesIT() {
    super(new Tools("ipset", "iptables-legacy", "ip6tables-legacy", "nft"));
  }

  @Override
  FirewallKind kind() {
    return FirewallKind.FIREWALLD;
  }

  @Override
  void equip() throws Exception {
    RunningFirewalld.assumeAvailable();
    firewalld = RunningFirewalld.start(relay, folder, Backend.IPTABLES_LEGACY, "trusted");
    assertThat(Firewalld.find(shell(), tools())).contains(Firewalld.IN_IPTABLES);
  }

  @Override
  String meddle(Meddling what) {
    return what == Meddling.RULES_RELOADED ? firewalld.line("--reload") : super.meddle(what);
  }
}
