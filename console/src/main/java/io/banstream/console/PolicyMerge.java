package io.banstream.console;

import io.banstream.jails.Policy;
import io.banstream.schemas.Address;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The fleet's policy of a jail and a pushed one, made one.
 *
 * @param jail the jail
 * @param fleet the policy in force
 * @param pushed the policy that the push brought
 * @param pushRules the pushed values take the place of the fleet's
 */
record PolicyMerge(String jail, Policy fleet, Policy pushed, boolean pushRules) {

  /** What holds from now on. */
  Policy policy() {
    return pushRules ? pushed : fleet.withIgnoreip(union());
  }

  /** What is to be told: every other value, and an ignoreip that lacks entries of the fleet's. */
  List<PolicyDifference> differences() {
    List<PolicyDifference> differences = new ArrayList<>();
    for (PolicyKey key : PolicyKey.SINGLE) {
      tell(key, differences);
    }
    if (!pushed.ignoreip().containsAll(fleet.ignoreip())) {
      tell(PolicyKey.IGNOREIP, differences);
    }
    return differences;
  }

  private void tell(PolicyKey key, List<PolicyDifference> differences) {
    String inFleet = key.value().apply(fleet);
    String inPush = key.value().apply(pushed);
    if (!inFleet.equals(inPush)) {
      differences.add(new PolicyDifference(jail, key.name(), inFleet, inPush, !pushRules));
    }
  }

  private List<Address> union() {
    Set<Address> both = new LinkedHashSet<>(fleet.ignoreip());
    both.addAll(pushed.ignoreip());
    return List.copyOf(both);
  }
}
