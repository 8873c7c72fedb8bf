package io.banstream.enforcer;

import static org.assertj.core.api.Assertions.assertThat;

import io.banstream.enforcer.RunningFirewalld.Backend;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract beside a firewalld whose rules are in a table of nftables, as on CentOS 8 and later.
 */
class BesideFirewalldNftIT extends NftFirewallIT {
  @TempDir static Path folder;
  private RunningFirewalld firewalld;

  @Override
  FirewallKind kind() {
    return FirewallKind.FIREWALLD;
  }

  @Override
  void equip() throws Exception {
    RunningFirewalld.assumeAvailable();
    firewalld = RunningFirewalld.start(relay, folder, Backend.NFTABLES, "trusted");
    assertThat(Firewalld.find(shell(), tools())).contains(Firewalld.IN_NFTABLES);
  }

  @Override
  String meddle(Meddling what) {
    return what == Meddling.RULES_RELOADED ? firewalld.line("--reload") : super.meddle(what);
  }
}
