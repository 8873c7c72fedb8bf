package io.banstream.enforcer;

import io.banstream.schemas.Address;
import java.util.Optional;
import java.util.Set;

/**
 * A TCP connection of this host, as {@code ss -tn} has it.
 *
 * @param peer who is at its other end
 * @param port this host's
 * @param open a process of this host has it: of what it has closed the kernel alone has the rest
 * @param words what tells {@code ss} this connection from all others
 */
record Connection(Address peer, int port, boolean open, String words) {
  private static final Set<String> OPEN = Set.of("ESTAB", "CLOSE-WAIT");

  /** The interface that a socket is bound to, which {@code ss} prints and does not read. */
  private static final String INTERFACE = "%[^\\]:]*";

  private static final int LOCAL = 3;
  private static final int PEER = 4;

  /**
   * One line of {@code ss}: state, two queues, this host's address and port, the peer's; an address
   * of IPv6 in brackets, perhaps with an interface behind {@code %}.
   *
   * @return empty: it tells of no connection
   */
  static Optional<Connection> parse(String line) {
    String[] columns = line.strip().split("\\s+");
    if (columns.length <= PEER) {
      return Optional.empty();
    }
    String local = columns[LOCAL].replaceAll(INTERFACE, "");
    String peer = columns[PEER].replaceAll(INTERFACE, "");
    String port = local.substring(local.lastIndexOf(':') + 1);
    if (!port.matches("\\d{1,5}") || !peer.contains(":")) {
      return Optional.empty();
    }
    String host = peer.substring(0, peer.lastIndexOf(':')).replaceAll("[\\[\\]]", "");
    return Address.tryParse(host)
        .map(
            address ->
                new Connection(
                    address,
                    Integer.parseInt(port),
                    OPEN.contains(columns[0]),
                    "( src " + local + " and dst " + peer + " )"));
  }
}
