package io.banstream.enforcer;

import io.banstream.schemas.Address;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.StringTokenizer;
import java.util.TreeMap;

/** Our sets as the kernel holds them, by their names. */
record Kernel(SortedMap<String, IpSet> sets) {
  /**
   * @param foreign of another type or family than ours, so that neither fits in the other's place;
   *     its entries are not read
   * @param maxelem entries that it can hold; 0: it was made by others, and has no room for ends
   * @param entries each with its end
   */
  record IpSet(boolean foreign, int maxelem, Map<Address, Instant> entries) {}

  /** One that holds nothing. */
  Kernel() {
    this(new TreeMap<>());
  }

  /** As {@link #add}, of all lines at once. */
  static Kernel parse(String saved, Instant now) {
    Kernel kernel = new Kernel();
    saved.lines().forEach(line -> kernel.add(line, now));
    return kernel;
  }

  /**
   * Adds a line that {@code ipset save} printed at {@code now}; one of a set that is not ours is
   * left out.
   *
   * @throws FirewallException if one of a set of ours can't be understood
   */
  void add(String line, Instant now) {
    List<String> words = words(line);
    if (words.size() < 3 || !words.get(1).startsWith(Names.SETS)) {
      return;
    }
    try {
      if (words.get(0).equals("create")) {
        boolean holds = words.lastIndexOf("timeout") > 1 && words.contains("maxelem");
        int maxelem = holds ? Integer.parseInt(after("maxelem", words)) : 0;
        sets.put(words.get(1), new IpSet(isForeign(words), maxelem, new HashMap<>()));
      } else if (words.get(0).equals("add") && !sets.get(words.get(1)).foreign()) {
        boolean ends = words.lastIndexOf("timeout") > 1;
        long seconds = ends ? Long.parseLong(after("timeout", words)) : 0;
        sets.get(words.get(1))
            .entries()
            .put(
                Address.parse(words.get(2)),
                seconds == 0 ? Change.FOR_EVER : now.plusSeconds(seconds));
      }
    } catch (IllegalArgumentException e) {
      throw new FirewallException("ipset save: '" + line + "': " + e.getMessage(), e);
    }
  }

  private static boolean isForeign(List<String> created) {
    return !created.get(2).equals("hash:net")
        || Names.family(created.get(1))
            .filter(family -> after("family", created).equals(family.ipset()))
            .isEmpty();
  }

  private static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    for (StringTokenizer each = new StringTokenizer(line, " "); each.hasMoreTokens(); ) {
      words.add(each.nextToken());
    }
    return words;
  }

  private static String after(String word, List<String> words) {
    int at = words.subList(2, words.size()).indexOf(word) + 3;
    if (at < 3 || at == words.size()) {
      throw new IllegalArgumentException("no " + word);
    }
    return words.get(at);
  }

  /** The entries of these jails' sets. */
  Map<Entry, Instant> entries(Collection<String> jails) {
    return new Held(this, jails);
  }

  /** The foreign sets that have the names of these jails' sets; each with its jail. */
  SortedMap<String, String> foreign(Collection<String> jails, Set<Family> families) {
    SortedMap<String, String> foreign = new TreeMap<>();
    for (String jail : jails) {
      for (Family family : families) {
        IpSet set = sets.get(Names.set(jail, family));
        if (set != null && set.foreign()) {
          foreign.put(Names.set(jail, family), jail);
        }
      }
    }
    return foreign;
  }

  /** A jail's entries of one family. */
  Map<Address, Instant> entries(String jail, Family family) {
    IpSet set = sets.get(Names.set(jail, family));
    return set == null ? Map.of() : set.entries();
  }
}
