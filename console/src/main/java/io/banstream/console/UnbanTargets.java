package io.banstream.console;

import io.banstream.schemas.Address;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What an unban of one address has to name.
 *
 * @param banned what is banned and holds the address: itself, a network or an IPv6 prefix of it
 * @param counted what else its failures may be counted under: no ban, but a window to clear
 * @param inside banned addresses within it, where it is a network: left as they are
 */
record UnbanTargets(List<Address> banned, List<Address> counted, List<Address> inside) {

  /**
   * @param inForce what is banned now, in the jail where one is named
   * @param ipv6prefixes of the jails
   */
  static UnbanTargets of(
      Address target, Collection<Address> inForce, Collection<Integer> ipv6prefixes) {
    SortedSet<Address> banned = new TreeSet<>();
    SortedSet<Address> inside = new TreeSet<>();
    for (Address a : inForce) {
      if (a.contains(target)) {
        banned.add(a);
      } else if (target.contains(a)) {
        inside.add(a);
      }
    }
    SortedSet<Address> counted = new TreeSet<>();
    counted.add(target);
    ipv6prefixes.forEach(prefix -> counted.add(target.counted(prefix)));
    counted.removeAll(banned);
    return new UnbanTargets(List.copyOf(banned), List.copyOf(counted), List.copyOf(inside));
  }

  /** Whether the order lifts anything; an {@code Optional} reason why it does not. */
  Optional<String> nothingLifted(Address target) {
    if (!banned.isEmpty()) {
      return Optional.empty();
    }
    String found = inside.isEmpty() ? "" : ", " + inside.size() + " banned inside it are left";
    return Optional.of(target + " was not banned" + found);
  }
}
