package io.banstream.processor;

import io.banstream.jails.Policy;
import io.banstream.schemas.Address;
import io.banstream.schemas.Command;
import io.banstream.schemas.NetworkNote;
import java.time.Instant;

/**
 * Tells a network's task which of its addresses are banned: addresses of one network lie in
 * different partitions.
 *
 * <p>Only of jails that ban networks ({@code subnet.maxbans}), and only what reaches the fleet. A
 * jail that is withdrawn needs no notes: its marker comes to every partition.
 */
final class NetworkNotes {
  private static final String WHO = "banstream";

  private final InForceStore inForce;
  private final Output output;

  NetworkNotes(InForceStore inForce, Output output) {
    this.inForce = inForce;
    this.output = output;
  }

  void banned(Address address, Ban ban, Instant append) {
    note(address, ban, ban.from(), append);
  }

  /**
   * @param ban ended; whether it was one that counted, the network's task knows
   */
  void lifted(Address address, Ban ban, Instant append) {
    note(address, ban, ban.until(), append);
  }

  private void note(Address address, Ban ban, Instant from, Instant append) {
    if (!ban.key().isFleets() || ban.network()) {
      return;
    }
    inForce
        .now()
        .policy(ban.jail())
        .flatMap(Policy::subnet)
        .flatMap(subnet -> subnet.network(address))
        .ifPresent(
            network -> {
              Instant until = ban.until().equals(Ban.FOR_EVER) ? null : ban.until();
              NetworkNote note =
                  new NetworkNote(ban.jail(), network.toString(), address.toString(), from, until);
              output.note(network, new Command(append, WHO, null, note), append);
            });
  }
}
