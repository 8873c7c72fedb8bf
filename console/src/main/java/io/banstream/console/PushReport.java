package io.banstream.console;

import java.util.List;

/**
 * What a push did.
 *
 * @param version of the configuration in force now; that of the last push where nothing changed
 * @param added jails that the fleet did not have
 * @param changed jails whose policy, sources or enforcement are others now
 * @param withdrawn jails that no group has any more: their bans are lifted
 * @param left jails that this group no longer has and another group has
 * @param differences policy values that differ from the fleet's
 */
public record PushReport(
    long version,
    List<String> added,
    List<String> changed,
    List<String> withdrawn,
    List<String> left,
    List<PolicyDifference> differences) {
  public PushReport {
    added = List.copyOf(added);
    changed = List.copyOf(changed);
    withdrawn = List.copyOf(withdrawn);
    left = List.copyOf(left);
    differences = List.copyOf(differences);
  }
}
