package io.banstream.schemas;

import java.util.List;

/**
 * Key of {@code decisions} and {@code evidence}.
 *
 * @param address canonical address or network
 * @param jail the jail that decided, or {@link #MANUAL}
 * @param reach {@link #FLEET}, or the one host that the decision holds on
 */
public record DecisionKey(Address address, String jail, String reach) {
  /** The reach of a decision that holds on every host. */
  public static final String FLEET = "*";

  /** The jail of an operator's ban that names none. */
  public static final String MANUAL = "manual";

  public DecisionKey {
    Key.requirePart(jail);
    Key.requirePart(reach);
  }

  public static DecisionKey of(Decision decision) {
    return new DecisionKey(
        Address.parse(decision.getAddress()), decision.getJail(), decision.getReach());
  }

  /**
   * @throws IllegalArgumentException if the text is no such key
   */
  public static DecisionKey parse(String text) {
    List<String> parts = Key.parts(text);
    if (parts.size() != 3) {
      throw new IllegalArgumentException("not 'address jail reach': '" + text + "'");
    }
    return new DecisionKey(Address.parse(parts.get(0)), parts.get(1), parts.get(2));
  }

  /** Whether the decision is for {@code host}. */
  public boolean reaches(String host) {
    return reach.equals(FLEET) || reach.equals(host);
  }

  @Override
  public String toString() {
    return Key.of(address.toString(), jail, reach);
  }
}
