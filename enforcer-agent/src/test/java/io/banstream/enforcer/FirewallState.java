package io.banstream.enforcer;

import io.banstream.testkit.Netns;

/** All that a host's kernel holds of any firewall, to be compared. */
final class FirewallState {
  private FirewallState() {}

  /** Counters, dates and the seconds that are left aside. */
  static String of(Netns host, Tools tools) {
    String rules =
        host.run(tools.iptables() + "-save")
            + host.run(tools.ip6tables() + "-save")
            + host.run("nft", "list", "ruleset");
    return rules
            .replaceAll("(?m)^#.*\n", "")
            .replaceAll("\\[\\d+:\\d+\\]", "[0:0]")
            .replaceAll("packets \\d+ bytes \\d+", "packets 0 bytes 0")
        + host.run("ipset", "save");
  }

  /** What of it is not ours. */
  static String withoutOurs(String state) {
    return state
        .replaceAll("(?ms)^table inet banstream \\{.*?^\\}\n", "")
        .replaceAll("(?ms)^\tchain BANSTREAM.*?^\t\\}\n", "")
        .replaceAll("(?m)^.*(BANSTREAM|banstream-).*\n", "")
        .replaceAll("(?m)^\\s*\n", "");
  }
}
