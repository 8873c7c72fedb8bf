package io.banstream.enforcer;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What keeps the bans on this host. One thread changes it; another may {@link #read} meanwhile. All
 * methods raise {@link FirewallException} where the firewall as a whole can't be served; what it
 * refuses of a jail is in the {@link Outcome}.
 */
interface Firewall extends AutoCloseable {
  /** From so many changes on a process for all of them is quicker than one line after the other. */
  int MANY = 200;

  /** The families it can close the door to. */
  Set<Family> families();

  /**
   * Brings everything of ours to what is desired: sets, entries, rules, at no moment with less than
   * both the old and the new state have in common.
   */
  Outcome install(Desired desired, Instant now);

  /** Carries out these changes, in their order, on sets that {@link #install} has made. */
  Outcome apply(List<Change> changes, Instant now);

  /** What makes sets and entries anew before an enforcer runs; empty: nothing can. */
  Optional<BootFile.Script> atBoot(Desired desired, Instant now);

  /** Our sets as they are. */
  Kernel read(Instant now);

  /** How many entries each of our sets holds, by the sets' names. */
  default Map<String, Integer> sizes(Instant now) {
    Map<String, Integer> sizes = new HashMap<>();
    read(now).sets().forEach((name, set) -> sizes.put(name, set.entries().size()));
    return sizes;
  }

  /** Whether our rules are as the last {@link #install} left them. */
  boolean rulesStand();

  /**
   * A look that costs next to nothing, no process among it: whether rules of ours are gone for
   * certain. What it can't see {@link #rulesStand} does.
   */
  default boolean rulesAreGone() {
    return false;
  }

  /** Lets go of the tools; rules and entries stay. */
  @Override
  void close();
}
