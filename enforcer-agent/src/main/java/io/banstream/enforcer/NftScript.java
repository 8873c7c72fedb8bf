package io.banstream.enforcer;

import io.banstream.jails.Enforcement.Closure;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What {@code nft} reads so that our table holds what it should: in a file all of it happens at
 * once or not at all.
 */
final class NftScript {
  /** Before the filters of iptables, firewalld and others, which stand at 0 and above. */
  private static final int PRIORITY = -10;

  private final String table;
  private final List<String> lines = new ArrayList<>();

  private NftScript(String table) {
    this.table = table;
  }

  /**
   * Brings sets and rules to what is desired, and leaves the entries that are right.
   *
   * @param doors the jails that have rules, and their closures
   * @param sets those that there are to be
   * @param changes of entries, of these sets
   * @param present our table as it is
   */
  static String install(
      SortedMap<String, List<Closure>> doors,
      Collection<NftSet> sets,
      List<Change> changes,
      NftTable present,
      Instant now) {
    NftScript script = new NftScript(NftTable.NAME);
    script.lines.add("add table " + script.table);
    Set<String> hooks = script.sets(doors, sets);
    present.chains().stream().filter(c -> !hooks.contains(c)).forEach(script::dropChain);
    Set<String> wanted = sets.stream().map(NftSet::name).collect(Collectors.toSet());
    present.sets().keySet().stream()
        .filter(set -> !wanted.contains(set))
        .forEach(set -> script.lines.add("delete set " + script.table + " " + set));
    script.entries(changes, present, now);
    return script.text();
  }

  /** Builds everything anew in the place of what is there, whatever that is. */
  static String anew(
      SortedMap<String, List<Closure>> doors,
      Collection<NftSet> sets,
      List<Change> all,
      Instant now) {
    String gone = "add table " + NftTable.NAME + "\ndelete table " + NftTable.NAME + "\n";
    return gone + install(doors, sets, all, NftTable.NONE, now);
  }

  /** Everything in a kernel that has nothing of it, a line each element. */
  static void atBoot(
      SortedMap<String, List<Closure>> doors,
      Collection<NftSet> sets,
      List<Change> all,
      Instant now,
      BootFile.Each each)
      throws IOException {
    NftScript script = new NftScript(NftTable.NAME);
    script.lines.add("add table " + script.table);
    script.sets(doors, sets);
    for (String line : script.lines) {
      each.line(line);
    }
    for (Change change : all) {
      script.lines.clear();
      script.entries(List.of(change), NftTable.NONE, now);
      for (String line : script.lines) {
        each.line(line);
      }
    }
  }

  /** One jail's sets and rules in a table of their own: to be checked, not to be carried out. */
  static String trial(String jail, List<Closure> closures) {
    NftScript script = new NftScript(NftTable.TRIAL);
    script.lines.add("add table " + script.table);
    script.sets(
        new TreeMap<>(Map.of(jail, closures)),
        List.of(NftSet.single(jail, Family.V4), NftSet.single(jail, Family.V6)));
    return script.text();
  }

  /** Adds a set to what stands, with its rules. */
  static String extend(NftSet set, List<Closure> closures) {
    NftScript script = new NftScript(NftTable.NAME);
    script.set(set);
    script.rules(set, closures);
    return script.text();
  }

  /** Sets, chains and the rules in them; the chains that are used. */
  private Set<String> sets(SortedMap<String, List<Closure>> doors, Collection<NftSet> sets) {
    sets.forEach(this::set);
    Set<String> hooks = new TreeSet<>();
    doors.values().forEach(list -> list.forEach(c -> hooks.add(NftRule.HOOKS.get(c.chain()))));
    for (String hook : hooks) {
      lines.add(
          "add chain %s %s { type filter hook %s priority %d; policy accept; }"
              .formatted(table, hook, hook, PRIORITY));
      lines.add("flush chain " + table + " " + hook);
    }
    sets.forEach(set -> rules(set, doors.get(set.jail())));
    return hooks;
  }

  private void set(NftSet set) {
    lines.add("add set %s %s { type %s; flags timeout; }".formatted(table, set.name(), set.type()));
  }

  private void rules(NftSet set, List<Closure> closures) {
    for (Closure closure : closures) {
      for (String rule : NftRule.of(closure, set.match(), set.family())) {
        lines.add("add rule " + table + " " + NftRule.HOOKS.get(closure.chain()) + " " + rule);
      }
    }
  }

  private void dropChain(String chain) {
    lines.add("flush chain " + table + " " + chain);
    lines.add("delete chain " + table + " " + chain);
  }

  /** A set's entries go together; what is not held yet needs no more than to be added. */
  private void entries(List<Change> changes, NftTable present, Instant now) {
    Map<String, List<String>> stale = new LinkedHashMap<>();
    Map<String, List<String>> fresh = new LinkedHashMap<>();
    for (Change change : changes) {
      String set = NftSet.of(change.entry()).name();
      if (present.holds(change.entry())) {
        stale.computeIfAbsent(set, s -> new ArrayList<>()).add(base(change));
      }
      if (change instanceof Change.Put put) {
        fresh.computeIfAbsent(set, s -> new ArrayList<>()).add(element(put, now));
      }
    }
    // It may be over by now, and what is not there can't be deleted.
    stale.forEach((set, elements) -> elements("add", set, elements));
    stale.forEach((set, elements) -> elements("delete", set, elements));
    fresh.forEach((set, elements) -> elements("add", set, elements));
  }

  private void elements(String verb, String set, List<String> elements) {
    lines.add(elements(verb, table + " " + set, String.join(", ", elements)));
  }

  private static String elements(String verb, String set, String elements) {
    return verb + " element " + set + " { " + elements + " }";
  }

  /**
   * One change as a line of its own, carried out at once. An element that is there keeps its end
   * when it is added (before Linux 6.12): so it is taken out first, in the same transaction.
   */
  static String line(Change change, Instant now) {
    String set = NftTable.NAME + " " + NftSet.of(change.entry()).name();
    String gone = elements("add", set, base(change)) + "; " + elements("delete", set, base(change));
    return change instanceof Change.Put put
        ? gone + "; " + elements("add", set, element(put, now))
        : gone;
  }

  private static String base(Change change) {
    return NftSet.base(change.entry().address());
  }

  private static String element(Change.Put put, Instant now) {
    long seconds = put.timeoutSeconds(now);
    return base(put) + (seconds == 0 ? "" : " timeout " + seconds + "s");
  }

  private String text() {
    return String.join("\n", lines) + "\n";
  }
}
