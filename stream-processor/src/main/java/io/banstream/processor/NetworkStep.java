package io.banstream.processor;

import io.banstream.jails.Policy;
import io.banstream.jails.Policy.Subnet;
import io.banstream.processor.BannedAddresses.Banned;
import io.banstream.schemas.Address;
import io.banstream.schemas.Alert;
import io.banstream.schemas.Alerts;
import io.banstream.schemas.DecisionKey;
import io.banstream.schemas.NetworkNote;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One {@link NetworkNotes note} through the rules, and what it came to into stores and topics. */
final class NetworkStep {
  private final int partition;
  private final InForceStore inForce;
  private final NetworkBook book;
  private final AddressChange change;
  private final TotalsBook totals;
  private final Output output;

  NetworkStep(
      int partition,
      InForceStore inForce,
      NetworkBook book,
      AddressChange change,
      TotalsBook totals,
      Output output) {
    this.partition = partition;
    this.inForce = inForce;
    this.book = book;
    this.change = change;
    this.totals = totals;
    this.output = output;
  }

  void take(Address network, NetworkNote note, Instant append) throws Unbelievable {
    String jail = note.getJail();
    Reading.requireName("jail", jail);
    Address address = Reading.address("address", note.getAddress());
    if (address.equals(network) || !network.contains(address)) {
      throw new Unbelievable("address = " + address + ", expected one within " + network);
    }
    Instant from = note.getFrom();
    Instant until = Optional.ofNullable(note.getUntil()).orElse(Ban.FOR_EVER);
    if (from.isBefore(Instant.EPOCH) || until.isBefore(from)) {
      throw new Unbelievable("from = " + from + ", expected 1970 to " + until);
    }
    if (until.equals(from)) {
      book.of(jail, network).remove(address);
    } else {
      requireNetwork(jail, address, network);
      banned(jail, network, new Banned(address, from, until), append);
    }
  }

  private void requireNetwork(String jail, Address address, Address network) throws Unbelievable {
    Optional<Subnet> subnet = inForce.now().policy(jail).flatMap(Policy::subnet);
    if (subnet.isEmpty()) {
      throw new Unbelievable("jail = " + jail + ", which bans no networks");
    }
    Optional<Address> counted = subnet.get().network(address);
    if (!counted.equals(Optional.of(network))) {
      String expected = counted.map(Address::toString).orElse("none");
      throw new Unbelievable("network = " + network + ", expected " + expected);
    }
  }

  private void banned(String jail, Address network, Banned banned, Instant append) {
    InForce now = inForce.now();
    BannedAddresses known = book.of(jail, network);
    change.apply(
        network,
        state -> {
          NetworkRules.Ruling ruling =
              NetworkRules.rule(state, now, jail, network, known, banned, append);
          if (ruling.open()) {
            output.alert(alert(now, jail, network, ruling, append));
          }
          return ruling
              .ban()
              .map(ban -> state.with(told(network, ban, ruling, append)))
              .orElse(state);
        },
        append);
  }

  private Ban told(Address network, Ban ban, NetworkRules.Ruling ruling, Instant append) {
    totals.banned(ban, List.of(), append);
    Output.Behind behind = new Output.Behind(ruling.evidence(), Optional.empty());
    output.ban(network, ban, inForce.now().version(), behind, Output.Word.NONE, append);
    return ban;
  }

  private Alert alert(
      InForce now, String jail, Address network, NetworkRules.Ruling ruling, Instant append) {
    int maxbans = now.policy(jail).flatMap(Policy::subnet).map(Subnet::maxbans).orElseThrow();
    return new Alert(
        append,
        Alerts.OPEN_NETWORK,
        DecisionKey.FLEET,
        jail,
        network.toString(),
        ruling.behind().size(),
        maxbans,
        0L,
        partition);
  }

  /**
   * An unban of a network counts its addresses anew, as one of an address its failures.
   *
   * @param jail empty: every jail's
   */
  void clear(Address network, Optional<String> jail) {
    for (String name : inForce.now().policies().keySet()) {
      if (network.isNetwork() && jail.map(name::equals).orElse(true)) {
        book.clear(name, network);
      }
    }
  }

  /** Counts anew where a jail no longer bans such networks. */
  void keep(InForce now) {
    book.keep(
        (jail, network) ->
            now.policy(jail)
                .flatMap(Policy::subnet)
                .map(s -> network.prefix() == (network.isV4() ? s.prefix4() : s.prefix6()))
                .orElse(false));
  }

  /** Every network that any jail may ban around one of these. */
  static List<Address> around(List<Address> allowed) {
    List<Address> around = new ArrayList<>();
    for (Address address : allowed) {
      int widest = address.isV4() ? Subnet.WIDEST_4 : Subnet.WIDEST_6;
      for (int prefix = widest; prefix < address.prefix(); prefix++) {
        around.add(address.network(prefix));
      }
    }
    return around;
  }
}
