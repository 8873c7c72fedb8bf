package io.banstream.processor;

import io.banstream.schemas.DecisionKey;
import java.util.Comparator;

/**
 * What an address has windows and bans by.
 *
 * @param reach {@link DecisionKey#FLEET}, or one host
 */
record JailReach(String jail, String reach) implements Comparable<JailReach> {
  private static final Comparator<JailReach> ORDER =
      Comparator.comparing(JailReach::jail).thenComparing(JailReach::reach);

  static JailReach fleet(String jail) {
    return new JailReach(jail, DecisionKey.FLEET);
  }

  boolean isFleets() {
    return reach.equals(DecisionKey.FLEET);
  }

  @Override
  public int compareTo(JailReach o) {
    return ORDER.compare(this, o);
  }
}
