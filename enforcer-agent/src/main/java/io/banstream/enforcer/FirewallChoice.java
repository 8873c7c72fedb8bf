package io.banstream.enforcer;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which firewall an enforcer gets.
 *
 * @param firewall the one that keeps the bans
 * @param clearOther takes out what an enforcer of this host put up in another one: to be called
 *     once this one stands, so that the door is never open
 */
record FirewallChoice(Firewall firewall, Runnable clearOther) {
  private static final Logger LOG = LoggerFactory.getLogger(FirewallChoice.class);

  /**
   * @throws EnforcerException if what was asked for is not there, not allowed or not built
   */
  static FirewallChoice make(EnforcerSettings settings, Shell shell, Tools tools)
      throws IOException {
    try {
      return switch (settings.firewall()) {
        case DRY_RUN -> new FirewallChoice(new DryRunFirewall(settings.dryRunOutput()), () -> {});
        case FIREWALLD ->
            throw new FirewallException("comes later, expected auto, ipset, nftables or dry-run");
        case AUTO -> auto(settings, shell, tools);
        case IPSET -> ipset(settings, shell, tools);
        case NFTABLES -> nftables(settings, shell, tools);
      };
    } catch (FirewallException e) {
      throw new EnforcerException(
          "firewall = " + settings.firewall().word() + ": " + e.getMessage(), e);
    }
  }

  private static FirewallChoice auto(EnforcerSettings settings, Shell shell, Tools tools)
      throws IOException {
    try {
      FirewallChoice ipset = ipset(settings, shell, tools);
      LOG.info(
          "firewall = ipset: {} and {} are there and may be called",
          tools.ipset(),
          tools.iptables());
      return ipset;
    } catch (FirewallException noIpset) {
      try {
        FirewallChoice nftables = nftables(settings, shell, tools);
        LOG.info("firewall = nftables: {}", noIpset.getMessage());
        return nftables;
      } catch (FirewallException e) {
        throw new FirewallException(noIpset.getMessage() + "; " + e.getMessage(), e);
      }
    }
  }

  private static FirewallChoice ipset(EnforcerSettings settings, Shell shell, Tools tools)
      throws IOException {
    IpsetFirewall firewall = new IpsetFirewall(shell, tools);
    // After a reboot nothing of ours is there, and the tables may be others than last time.
    if (!Footprint.isKept(settings.data()) || firewall.isUntouched(Instant.EPOCH)) {
      Footprint.take(shell, tools, firewall.nft()).keep(settings.data());
    }
    return new FirewallChoice(
        firewall, () -> tellCleared(done -> Flush.clearNft(shell, tools, done)));
  }

  private static FirewallChoice nftables(EnforcerSettings settings, Shell shell, Tools tools)
      throws IOException {
    NftFirewall firewall = new NftFirewall(shell, tools);
    Optional<Footprint> footprint = Footprint.read(settings.data());
    return new FirewallChoice(
        firewall, () -> tellCleared(done -> Flush.clearIpset(shell, footprint, done)));
  }

  private static void tellCleared(Consumer<List<String>> clear) {
    List<String> done = new ArrayList<>();
    try {
      clear.accept(done);
    } catch (FirewallException e) {
      LOG.warn("what stands in another firewall can't be taken out: {}", e.getMessage());
    }
    if (!done.isEmpty()) {
      LOG.info("taken out of the firewall used before: {}", String.join(", ", done));
    }
  }
}
