package io.banstream.enforcer;

import io.banstream.schemas.Address;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * What {@code ipset} reads, one command a line, so that the kernel comes to hold what it should.
 */
final class IpsetScript {
  /** A command. */
  sealed interface Line {
    /** Whose it is; empty: not one jail's. */
    String jail();

    /** What it puts in or takes out; empty: it concerns a whole set. */
    Optional<Entry> entry();

    /** Without its line end. */
    String text();
  }

  private record SetLine(String jail, String text) implements Line {
    @Override
    public Optional<Entry> entry() {
      return Optional.empty();
    }
  }

  /** One of very many: its text is made when it is asked for. */
  private record EntryLine(String set, Change change, Instant now) implements Line {
    @Override
    public String jail() {
      return change.entry().jail();
    }

    @Override
    public Optional<Entry> entry() {
      return Optional.of(change.entry());
    }

    @Override
    public String text() {
      Address address = change.entry().address();
      return change instanceof Change.Put put
          ? "add -exist " + set + " " + address + " timeout " + put.timeoutSeconds(now)
          : "del -exist " + set + " " + address;
    }
  }

  /** A set holds at most so many entries unless more are needed; it takes no memory by itself. */
  private static final int MAXELEM = 1 << 20;

  private static final int HASHSIZE = 1024;
  private static final int MAX_HASHSIZE = 1 << 17;

  private IpsetScript() {}

  /** One line for one change. */
  static Line line(Change change, Instant now) {
    return new EntryLine(setOf(change.entry()), change, now);
  }

  /**
   * The lines that make every set that is missing and bring all entries to what is desired. A set
   * that is too small is built anew beside the old one and takes its place at once. A foreign one
   * is left as it is, and so are sets that are no longer wanted: rules may still name them.
   */
  static List<Line> fill(Desired desired, Kernel kernel, Set<Family> families, Instant now) {
    List<Line> lines = new ArrayList<>();
    if (kernel.sets().containsKey(Names.SWAP_SET)) {
      lines.add(new SetLine("", "destroy " + Names.SWAP_SET));
    }
    Map<String, Integer> sizes = new HashMap<>();
    eachBan(desired, now, put -> sizes.merge(setOf(put.entry()), 1, Integer::sum));
    Map<String, List<Change>> changes = new HashMap<>();
    Map<String, List<Change>> anew = new HashMap<>();
    for (String jail : desired.doors().keySet()) {
      if (desired.hasSet(jail)) {
        for (Family family : families) {
          String set = Names.set(jail, family);
          Kernel.IpSet present = kernel.sets().get(set);
          boolean fits = present != null && present.maxelem() >= sizes.getOrDefault(set, 0);
          if (present == null || !present.foreign()) { // else it could not make way
            (fits ? changes : anew).put(set, new ArrayList<>());
          }
        }
      }
    }
    if (!anew.isEmpty()) {
      eachBan(desired, now, put -> add(put, anew));
    }
    if (!changes.isEmpty()) {
      Map<Entry, Instant> held = kernel.entries(desired.doors().keySet());
      Difference.between(desired.bans(), held, now).forEach(change -> add(change, changes));
    }
    for (String jail : desired.doors().keySet()) {
      if (desired.hasSet(jail)) {
        for (Family family : families) {
          String set = Names.set(jail, family);
          if (changes.containsKey(set)) {
            changes.get(set).forEach(c -> lines.add(new EntryLine(set, c, now)));
          } else if (anew.containsKey(set)) {
            boolean swap = kernel.sets().containsKey(set);
            String built = swap ? Names.SWAP_SET : set;
            fillAnew(jail, family, built, anew.get(set), lines, now);
            if (swap) {
              lines.add(new SetLine(jail, "swap " + built + " " + set));
              lines.add(new SetLine(jail, "destroy " + built));
            }
          }
        }
      }
    }
    return lines;
  }

  private static void eachBan(Desired desired, Instant now, Consumer<Change.Put> each) {
    desired
        .bans()
        .forEach(
            (entry, until) -> {
              if (until.isAfter(now)) {
                each.accept(new Change.Put(entry, until));
              }
            });
  }

  private static void add(Change change, Map<String, List<Change>> sets) {
    List<Change> set = sets.get(setOf(change.entry()));
    if (set != null) {
      set.add(change);
    }
  }

  private static void fillAnew(
      String jail, Family family, String built, List<Change> all, List<Line> lines, Instant now) {
    lines.add(
        new SetLine(
            jail,
            "create -exist %s hash:net family %s hashsize %d maxelem %d timeout 0"
                .formatted(
                    built,
                    family.ipset(),
                    Math.min(MAX_HASHSIZE, Math.max(HASHSIZE, powerOfTwo(all.size() / 2))),
                    Math.max(MAXELEM, powerOfTwo(2 * all.size())))));
    all.forEach(c -> lines.add(new EntryLine(built, c, now)));
  }

  /**
   * The lines that make, beside each of these sets, the one that stands in for it, with all that is
   * desired.
   *
   * @param sets each with its jail
   */
  static List<Line> standIns(Map<String, String> sets, Desired desired, Instant now) {
    Map<String, List<Change>> anew = new HashMap<>();
    sets.keySet().forEach(set -> anew.put(set, new ArrayList<>()));
    eachBan(desired, now, put -> add(put, anew));
    List<Line> lines = new ArrayList<>();
    sets.forEach(
        (set, jail) -> {
          Family family = Names.family(set).orElseThrow();
          fillAnew(jail, family, Names.standIn(set), anew.get(set), lines, now);
        });
    return lines;
  }

  /** The lines that take away the sets of ours that are no longer wanted. */
  static List<Line> clear(Desired desired, Kernel kernel, Set<Family> families) {
    Set<String> wanted = new TreeSet<>();
    for (String jail : desired.doors().keySet()) {
      if (desired.hasSet(jail)) {
        families.forEach(f -> wanted.add(Names.set(jail, f)));
      }
    }
    return kernel.sets().keySet().stream()
        .filter(set -> !wanted.contains(set) && !set.equals(Names.SWAP_SET))
        .map(set -> (Line) new SetLine("", "destroy " + set))
        .toList();
  }

  /**
   * A line that is refused either way: while a rule names the set because it is in use, else
   * because the new name is taken.
   */
  static String askWhetherNamed(String set) {
    return "rename " + set + " " + set;
  }

  /** Whether this is what ipset says of a set that no rule names, or that is not there. */
  static boolean saysUnnamed(String refusal) {
    return refusal.contains("already exists") || refusal.contains("does not exist");
  }

  private static String setOf(Entry entry) {
    return Names.set(entry.jail(), Family.of(entry.address()));
  }

  /** The least power of two that is not below. */
  private static int powerOfTwo(int number) {
    return number <= 1 ? 1 : Integer.highestOneBit(number - 1) << 1;
  }
}
