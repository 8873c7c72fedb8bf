package io.banstream.bench;

import io.banstream.testkit.Netns;

/** A relay, and a host outside that sends it packets from any address of a network. */
record Scene(Netns relay, Netns outside) implements AutoCloseable {
  static final String RELAY = "2001:db8:ffff::1";

  /** The host outside's own address. */
  static final String GUEST = "2001:db8:ffff::2";

  /**
   * @param network whose addresses are all outside
   */
  static Scene with(String network) {
    Scene scene = new Scene(Netns.create("relay"), Netns.create("outside"));
    scene.relay.link(RELAY + "/48", scene.outside, GUEST + "/48");
    scene.relay.run("ip", "route", "add", network, "via", GUEST);
    scene.outside.run("sysctl", "-qw", "net.ipv6.ip_nonlocal_bind=1");
    scene.outside.run("ip", "route", "add", "local", network, "dev", "lo");
    return scene;
  }

  @Override
  public void close() {
    outside.close();
    relay.close();
  }
}
