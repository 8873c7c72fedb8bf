package io.banstream.ingest;

import io.banstream.schemas.Address;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Whether an address is this host's own, looked up anew every minute at most. For any thread. */
final class OwnAddresses implements Predicate<Address> {
  private static final Duration KEPT = Duration.ofMinutes(1);

  private final InstantSource clock;
  private Set<Address> known = Set.of();
  private Instant until = Instant.MIN;

  OwnAddresses(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public synchronized boolean test(Address address) {
    Instant now = clock.instant();
    if (!now.isBefore(until)) {
      until = now.plus(KEPT);
      try {
        known =
            NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .map(Address::of)
                .collect(Collectors.toSet());
      } catch (SocketException e) {
        known = Set.of(); // no interface at all
      }
    }
    return address.isLoopback() || known.contains(address);
  }
}
