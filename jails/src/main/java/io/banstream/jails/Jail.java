package io.banstream.jails;

import io.banstream.schemas.DecisionKey;
import io.banstream.schemas.Key;
import java.util.Objects;

/**
 * One jail: what is counted, where it is seen, and how the door is closed.
 *
 * @param name as in jail.local, without blanks; not {@code manual}
 * @param policy the fleet's: one a jail, whoever reads the failure
 * @param sources where the hosts of one group see the failures
 * @param enforcement how the hosts of one group close the door
 */
public record Jail(String name, Policy policy, Sources sources, Enforcement enforcement) {
  /** The jail that counts every jail's bans, and the filter of all that count bans. */
  public static final String RECIDIVE = "recidive";

  public Jail {
    Key.requirePart(name);
    if (name.equals(DecisionKey.MANUAL)) {
      throw new IllegalArgumentException(
          "jail " + name + ": the name is kept for an operator's bans");
    }
    Objects.requireNonNull(policy);
    Objects.requireNonNull(sources);
    Objects.requireNonNull(enforcement);
  }

  /** Whether it counts bans; it reads no log then. */
  public boolean isRecidive() {
    return policy.bansOf().isPresent();
  }
}
