package io.banstream.processor;

import io.banstream.jails.Policy;
import io.banstream.jails.Policy.Subnet;
import io.banstream.processor.BannedAddresses.Banned;
import io.banstream.schemas.Address;
import io.banstream.schemas.EvidenceFailure;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * When a network is banned for its addresses ({@code subnet.maxbans}): once so many distinct ones
 * are under a ban of the jail that reaches the fleet. Never where something allowed lies in it or
 * around it, and never while the jail's ban of the network holds. The ban is the jail's own, as
 * long as its next ban of an address would be; no jail counts it.
 */
final class NetworkRules {
  private NetworkRules() {}

  /**
   * What one more banned address comes to.
   *
   * @param ban the network's
   * @param behind the addresses whose bans hold, oldest first
   * @param open whether it is to be told that the network is not banned, because of what is allowed
   */
  record Ruling(Optional<Ban> ban, List<Banned> behind, boolean open) {
    /** One line an address. */
    List<EvidenceFailure> evidence() {
      return behind.stream()
          .map(b -> new EvidenceFailure(b.from(), "", null, b.address().toString(), null))
          .toList();
    }
  }

  /**
   * @param state the network's own
   * @param jail with a policy that has a subnet
   * @param known the jail's bans in that network; takes the new one
   */
  static Ruling rule(
      AddressState state,
      InForce inForce,
      String jail,
      Address network,
      BannedAddresses known,
      Banned added,
      Instant append) {
    Policy policy = inForce.policy(jail).orElseThrow();
    Subnet subnet = policy.subnet().orElseThrow();
    Instant from = added.from();
    known.add(added, append);
    List<Banned> behind = known.at(from);
    if (behind.size() < subnet.maxbans()) {
      known.told(false);
      return new Ruling(Optional.empty(), behind, false);
    }
    JailReach key = JailReach.fleet(jail);
    if (state.banned(jail, key.reach(), from)) {
      return new Ruling(Optional.empty(), behind, false);
    }
    boolean spared = policy.guard().sparing(network).isPresent();
    if (spared || inForce.ignoresWithin(policy, network, from)) {
      return new Ruling(Optional.empty(), behind, known.told(true));
    }
    known.told(false);
    Instant until = History.until(state, network, key, policy, from);
    int nth = History.nth(state, key, policy.dbpurgeage(), from);
    return new Ruling(Optional.of(Ban.ofNetwork(key, from, until, nth, append)), behind, false);
  }
}
