package io.banstream.enforcer;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What {@code ipset} reads, one command a line, so that the kernel comes to hold what it should.
 */
final class IpsetScript {
  /**
   * A command.
   *
   * @param jail whose it is
   * @param entry what it puts in or takes out; empty: it concerns a whole set
   * @param text without its line end
   */
  record Line(String jail, Optional<Entry> entry, String text) {}

  /** A set holds at most so many entries unless more are needed; it takes no memory by itself. */
  private static final int MAXELEM = 1 << 20;

  private static final int HASHSIZE = 1024;
  private static final int MAX_HASHSIZE = 1 << 17;

  private IpsetScript() {}

  /** One line for one change. */
  static Line line(Change change, Instant now) {
    Entry entry = change.entry();
    return line(Names.set(entry.jail(), Family.of(entry.address())), change, now);
  }

  private static Line line(String set, Change change, Instant now) {
    Entry entry = change.entry();
    String text =
        change instanceof Change.Put put
            ? "add -exist %s %s timeout %d".formatted(set, entry.address(), put.timeoutSeconds(now))
            : "del -exist %s %s".formatted(set, entry.address());
    return new Line(entry.jail(), Optional.of(entry), text);
  }

  /**
   * The lines that make every set that is missing and bring all entries to what is desired. A set
   * that is too small is built anew beside the old one and takes its place at once. Sets that are
   * no longer wanted stay: rules may still name them.
   */
  static List<Line> fill(Desired desired, Kernel kernel, Set<Family> families, Instant now) {
    List<Line> lines = new ArrayList<>();
    if (kernel.sets().containsKey(Names.SWAP_SET)) {
      lines.add(new Line("", Optional.empty(), "destroy " + Names.SWAP_SET));
    }
    Map<Entry, Instant> held = kernel.entries(desired.doors().keySet());
    Map<String, List<Change>> changes = new HashMap<>();
    for (Change change : Difference.between(desired.bans(), held, now)) {
      changes.computeIfAbsent(setOf(change.entry()), s -> new ArrayList<>()).add(change);
    }
    Map<String, List<Change>> whole = new HashMap<>();
    desired
        .bans()
        .forEach(
            (entry, until) -> {
              if (until.isAfter(now)) {
                whole
                    .computeIfAbsent(setOf(entry), s -> new ArrayList<>())
                    .add(new Change.Put(entry, until));
              }
            });
    for (String jail : desired.doors().keySet()) {
      if (desired.hasSet(jail)) {
        for (Family family : families) {
          String set = Names.set(jail, family);
          Kernel.IpSet present = kernel.sets().get(set);
          List<Change> all = whole.getOrDefault(set, List.of());
          if (present != null && present.maxelem() >= all.size()) {
            changes.getOrDefault(set, List.of()).forEach(c -> lines.add(line(set, c, now)));
          } else {
            fillAnew(jail, family, all, present != null, lines, now);
          }
        }
      }
    }
    return lines;
  }

  private static void fillAnew(
      String jail, Family family, List<Change> all, boolean swap, List<Line> lines, Instant now) {
    String set = Names.set(jail, family);
    String built = swap ? Names.SWAP_SET : set;
    lines.add(
        new Line(
            jail,
            Optional.empty(),
            "create -exist %s hash:net family %s hashsize %d maxelem %d timeout 0"
                .formatted(
                    built,
                    family.ipset(),
                    Math.min(MAX_HASHSIZE, Math.max(HASHSIZE, powerOfTwo(all.size() / 2))),
                    Math.max(MAXELEM, powerOfTwo(2 * all.size())))));
    all.forEach(c -> lines.add(line(built, c, now)));
    if (swap) {
      lines.add(new Line(jail, Optional.empty(), "swap " + built + " " + set));
      lines.add(new Line(jail, Optional.empty(), "destroy " + built));
    }
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
        .map(set -> new Line("", Optional.empty(), "destroy " + set))
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
