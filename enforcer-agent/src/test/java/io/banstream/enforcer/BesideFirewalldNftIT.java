package io.banstream.enforcer;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The contract beside a firewalld whose rules are nftables', as since CentOS 8. */
class BesideFirewalldNftIT extends NftFirewallIT {
  @TempDir Path folder;

  @Override
  Firewall open(Shell shell) throws Exception {
    RunningFirewalld.assumeAvailable();
    RunningFirewalld firewalld =
        RunningFirewalld.start(relay, folder, RunningFirewalld.Backend.NFTABLES);
    assertThat(Firewalld.find(shell, firewalld.tools())).contains(Firewalld.IN_NFTABLES);
    return super.open(shell);
  }
}
