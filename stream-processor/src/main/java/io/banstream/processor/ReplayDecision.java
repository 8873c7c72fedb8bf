package io.banstream.processor;

import io.banstream.schemas.Address;
import io.banstream.schemas.EvidenceFailure;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A ban that would have been.
 *
 * @param jail that decided
 * @param address counted: an IPv6 address as the network of the jail's ipv6prefix
 * @param from time of the failure that completed the window
 * @param until empty: for ever
 * @param network of a network, for the addresses that the jail has banned in it
 * @param failures behind it, oldest first; for recidive, the bans that it counted; of a network,
 *     the addresses
 * @param hosts of those failures, sorted, each once; of a network, none
 */
public record ReplayDecision(
    String jail,
    Address address,
    Instant from,
    Optional<Instant> until,
    boolean network,
    List<EvidenceFailure> failures,
    List<String> hosts) {
  public ReplayDecision {
    failures = List.copyOf(failures);
    hosts = List.copyOf(hosts);
  }
}
