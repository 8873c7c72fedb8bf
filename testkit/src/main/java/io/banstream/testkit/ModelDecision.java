package io.banstream.testkit;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What {@link BanModel} decides: all fields of a decision.
 *
 * @param reach {@code *}, or the one host it holds on
 * @param until empty: for ever; of an unban the same as {@code from}
 * @param nth the how-manieth ban of this jail, address and reach that is remembered
 * @param failures how many are behind it; 0 where none are: an operator's word, an unban
 * @param policy version of the policy in force
 * @param limited rule 11: without the guard it would have reached the fleet; an unban says it of
 *     the ban that it ends
 * @param network of a network, for the addresses that the jail has banned in it; an unban says it
 *     of the ban that it ends
 */
public record ModelDecision(
    Verdict verdict,
    String jail,
    String address,
    String reach,
    Instant from,
    Optional<Instant> until,
    int nth,
    int failures,
    long policy,
    boolean limited,
    boolean network) {

  /** What was decided. */
  public enum Verdict {
    BAN,
    UNBAN
  }

  /** Each address's decisions in their order: between addresses there is none. */
  public static SortedMap<String, List<ModelDecision>> byAddress(List<ModelDecision> decisions) {
    return decisions.stream().collect(groupingBy(ModelDecision::address, TreeMap::new, toList()));
  }
}
