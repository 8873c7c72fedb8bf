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
 * @param kind as it is told: never {@link FirewallKind#AUTO}
 * @param firewall the one that keeps the bans
 * @param clearOther takes out what an enforcer of this host put up in another one: to be called
 *     once this one stands, so that the door is never open
 */
record FirewallChoice(FirewallKind kind, Firewall firewall, Runnable clearOther) {
  private static final Logger LOG = LoggerFactory.getLogger(FirewallChoice.class);

  /** Makes a firewall, if its tools are there and may be called. */
  private interface Maker {
    FirewallChoice make(EnforcerSettings settings, Shell shell, Tools tools) throws IOException;
  }

  /**
   * @throws EnforcerException if what was asked for is not there or not allowed
   */
  static FirewallChoice make(EnforcerSettings settings, Shell shell, Tools tools)
      throws IOException {
    try {
      return switch (settings.firewall()) {
        case DRY_RUN ->
            new FirewallChoice(
                FirewallKind.DRY_RUN, new DryRunFirewall(settings.dryRunOutput()), () -> {});
        case FIREWALLD ->
            besideFirewalld(
                Firewalld.find(shell, tools)
                    .orElseThrow(
                        () ->
                            new FirewallException(
                                "no rules of firewalld are in the kernel: is it running?")),
                settings,
                shell,
                tools);
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
    Optional<Firewalld> firewalld = Firewalld.find(shell, tools);
    if (firewalld.isPresent()) {
      return besideFirewalld(firewalld.get(), settings, shell, tools);
    }
    FirewallChoice choice =
        first(FirewallChoice::ipset, FirewallChoice::nftables, settings, shell, tools);
    LOG.info("firewall = {}: no firewalld runs, what it needs is there", choice.kind.word());
    return choice;
  }

  /** The mechanism that a reload of this firewalld touches least. */
  private static FirewallChoice besideFirewalld(
      Firewalld firewalld, EnforcerSettings settings, Shell shell, Tools tools) throws IOException {
    FirewallChoice choice =
        firewalld == Firewalld.IN_NFTABLES
            ? first(FirewallChoice::nftables, FirewallChoice::ipset, settings, shell, tools)
            : first(FirewallChoice::ipset, FirewallChoice::nftables, settings, shell, tools);
    LOG.info(
        "firewall = firewalld: its {} is there; bans stand beside it, in {}",
        firewalld,
        choice.kind.word());
    return new FirewallChoice(FirewallKind.FIREWALLD, choice.firewall, choice.clearOther);
  }

  private static FirewallChoice first(
      Maker one, Maker other, EnforcerSettings settings, Shell shell, Tools tools)
      throws IOException {
    try {
      return one.make(settings, shell, tools);
    } catch (FirewallException e) {
      try {
        FirewallChoice choice = other.make(settings, shell, tools);
        LOG.info("passed over: {}", e.getMessage());
        return choice;
      } catch (FirewallException none) {
        throw new FirewallException(e.getMessage() + "; " + none.getMessage(), none);
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
        FirewallKind.IPSET,
        firewall,
        () -> tellCleared(done -> Flush.clearNft(shell, tools, done)));
  }

  private static FirewallChoice nftables(EnforcerSettings settings, Shell shell, Tools tools)
      throws IOException {
    NftFirewall firewall = new NftFirewall(shell, tools);
    Optional<Footprint> footprint = Footprint.read(settings.data());
    return new FirewallChoice(
        FirewallKind.NFTABLES,
        firewall,
        () -> tellCleared(done -> Flush.clearIpset(shell, footprint, done)));
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
