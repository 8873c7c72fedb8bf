package io.banstream.processor;

import io.banstream.schemas.Address;
import java.time.Instant;
import java.util.function.UnaryOperator;

/** What a command, or a login that succeeded, makes of one address's state, into the stores. */
final class AddressChange {
  private final InForceStore inForce;
  private final AddressStore addresses;
  private final TotalsBook totals;

  AddressChange(InForceStore inForce, AddressStore addresses, TotalsBook totals) {
    this.inForce = inForce;
    this.addresses = addresses;
    this.totals = totals;
  }

  /**
   * @param rule takes the state without what is forgotten
   * @return the state afterwards
   */
  AddressState apply(Address address, UnaryOperator<AddressState> rule, Instant append) {
    InForce now = inForce.now();
    AddressState before = addresses.state(address);
    AddressState after = Memory.settle(rule.apply(Memory.recall(before, now, append)), now, append);
    if (!after.equals(before)) {
      totals.failing(before, after, now);
      addresses.save(address, before, after, now);
    }
    return after;
  }
}
