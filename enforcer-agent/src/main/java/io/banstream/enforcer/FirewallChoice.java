package io.banstream.enforcer;

import java.io.IOException;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which firewall an enforcer gets. */
final class FirewallChoice {
  private static final Logger LOG = LoggerFactory.getLogger(FirewallChoice.class);

  private FirewallChoice() {}

  /**
   * @throws EnforcerException if what was asked for is not there, not allowed or not built
   */
  static Firewall make(EnforcerSettings settings, Shell shell, Tools tools) throws IOException {
    return switch (settings.firewall()) {
      case DRY_RUN -> new DryRunFirewall(settings.dryRunOutput());
      case NFTABLES, FIREWALLD ->
          throw new EnforcerException(
              "firewall = "
                  + settings.firewall().word()
                  + ": comes later, expected auto, ipset or dry-run");
      case AUTO -> {
        Firewall firewall = ipset(settings, shell, tools);
        LOG.info(
            "firewall = ipset: {} and {} are there and may be called",
            tools.ipset(),
            tools.iptables());
        yield firewall;
      }
      case IPSET -> ipset(settings, shell, tools);
    };
  }

  private static Firewall ipset(EnforcerSettings settings, Shell shell, Tools tools)
      throws IOException {
    try {
      IpsetFirewall firewall = new IpsetFirewall(shell, tools);
      // After a reboot nothing of ours is there, and the tables may be others than last time.
      if (!Footprint.isKept(settings.data()) || firewall.isUntouched(Instant.EPOCH)) {
        Footprint.take(shell, tools, firewall.nft()).keep(settings.data());
      }
      return firewall;
    } catch (FirewallException e) {
      throw new EnforcerException(
          "firewall = " + settings.firewall().word() + ": " + e.getMessage(), e);
    }
  }
}
