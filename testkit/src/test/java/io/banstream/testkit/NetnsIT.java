package io.banstream.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NetnsIT {
  @Test
  void packetsPassBetweenLinkedNamespacesUntilAnAddressIsInADroppedSet() {
    Netns.assumeAvailable("ipset", "iptables", "ping");
    try (Netns relay = Netns.create("relay");
        Netns attacker = Netns.create("attacker")) {
      relay.link("198.51.100.1/24", attacker, "198.51.100.2/24");
      // A cable carries some moments after both its ends are up.
      assertThat(attacker.tryRun("ping", "-c1", "-w20", "198.51.100.1").exit()).isZero();
      relay.run("ipset", "create", "b", "hash:net", "timeout", "0");
      relay.run("ipset", "add", "b", "198.51.100.2", "timeout", "60");
      relay.run("iptables", "-I", "INPUT", "-m", "set", "--match-set", "b", "src", "-j", "DROP");
      assertThat(attacker.tryRun("ping", "-c1", "-W1", "198.51.100.1").exit()).isNotZero();
    }
  }
}
