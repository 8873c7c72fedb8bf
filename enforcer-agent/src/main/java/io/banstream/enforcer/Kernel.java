package io.banstream.enforcer;

import io.banstream.schemas.Address;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Our sets as the kernel holds them, by their names. */
record Kernel(SortedMap<String, IpSet> sets) {
  /**
   * @param maxelem entries that it can hold; 0: it was made by others, and has no room for ends
   * @param entries each with its end
   */
  record IpSet(int maxelem, Map<Address, Instant> entries) {}

  /**
   * Reads what {@code ipset save} printed at {@code now}; sets that are not ours are left out.
   *
   * @throws FirewallException if a line of a set of ours can't be understood
   */
  static Kernel parse(String saved, Instant now) {
    SortedMap<String, IpSet> sets = new TreeMap<>();
    for (String line : saved.split("\n")) {
      String[] words = line.trim().split(" +");
      if (words.length < 3 || !words[1].startsWith(Names.SETS)) {
        continue;
      }
      try {
        if (words[0].equals("create")) {
          boolean ends = has("timeout", words);
          int maxelem = ends ? Integer.parseInt(after("maxelem", words)) : 0;
          sets.put(words[1], new IpSet(maxelem, new HashMap<>()));
        } else if (words[0].equals("add")) {
          long seconds = has("timeout", words) ? Long.parseLong(after("timeout", words)) : 0;
          sets.get(words[1])
              .entries()
              .put(
                  Address.parse(words[2]),
                  seconds == 0 ? Change.FOR_EVER : now.plusSeconds(seconds));
        }
      } catch (IllegalArgumentException e) {
        throw new FirewallException("ipset save: '" + line + "': " + e.getMessage(), e);
      }
    }
    return new Kernel(sets);
  }

  private static boolean has(String word, String[] words) {
    return List.of(words).indexOf(word) > 1;
  }

  private static String after(String word, String[] words) {
    for (int i = 2; i < words.length - 1; i++) {
      if (words[i].equals(word)) {
        return words[i + 1];
      }
    }
    throw new IllegalArgumentException("no " + word);
  }

  /** The entries of these jails' sets. */
  Map<Entry, Instant> entries(Collection<String> jails) {
    Map<Entry, Instant> all = new HashMap<>();
    for (String jail : jails) {
      for (Family family : Family.values()) {
        IpSet set = sets.get(Names.set(jail, family));
        if (set != null) {
          set.entries().forEach((address, until) -> all.put(new Entry(jail, address), until));
        }
      }
    }
    return all;
  }

  /** How many entries a jail's sets hold, both families. */
  int count(String jail) {
    int count = 0;
    for (Family family : Family.values()) {
      IpSet set = sets.get(Names.set(jail, family));
      count += set == null ? 0 : set.entries().size();
    }
    return count;
  }
}
