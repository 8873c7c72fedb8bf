package io.banstream.enforcer;

import io.banstream.jails.Enforcement.Closure;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What {@code iptables-restore --noflush} reads so that our chains hold one rule a set and closure,
 * and are jumped to first thing. All of it happens at once or not at all; what is not ours is left
 * as it is.
 */
final class IptablesScript {
  private IptablesScript() {}

  /**
   * @param doors the jails and their closures
   * @param saved the table as it is
   */
  static String install(SortedMap<String, List<Closure>> doors, Family family, SavedRules saved) {
    SortedMap<String, List<String>> rules = rules(doors, family);
    List<String> lines = new ArrayList<>();
    rules.forEach(
        (jumped, list) -> {
          lines.add(":" + Names.chain(jumped) + " - [0:0]");
          list.forEach(rule -> lines.add("-A " + Names.chain(jumped) + " " + rule));
        });
    Map<String, String> jumps = new LinkedHashMap<>();
    rules.keySet().forEach(jumped -> jumps.put(jumped, Names.chain(jumped)));
    lines.addAll(jumpFirst(jumps, saved));
    lines.addAll(drop(saved.ourChains().stream().filter(c -> !jumps.containsValue(c)).toList()));
    return table(lines);
  }

  /** Each chain that is to jump to one of ours, and that one's rules. */
  private static SortedMap<String, List<String>> rules(
      SortedMap<String, List<Closure>> doors, Family family) {
    SortedMap<String, List<String>> rules = new TreeMap<>();
    doors.forEach(
        (jail, closures) ->
            closures.forEach(
                c ->
                    rules
                        .computeIfAbsent(c.chain(), chain -> new ArrayList<>())
                        .addAll(IptablesRule.of(c, Names.set(jail, family), family))));
    return rules;
  }

  /**
   * Whether the table is as {@link #install} makes it, by jumps and numbers of rules: iptables
   * prints rules in words of its own.
   */
  static boolean stands(SortedMap<String, List<Closure>> doors, Family family, SavedRules saved) {
    return rules(doors, family).entrySet().stream()
        .allMatch(
            e -> {
              String ours = Names.chain(e.getKey());
              List<String> jumping = saved.rules(e.getKey());
              return !jumping.isEmpty()
                  && SavedRules.jump(jumping.get(0)).equals(ours)
                  && saved.rules(ours).size() == e.getValue().size();
            });
  }

  /**
   * Has our rules, as they stand, name other sets.
   *
   * @param others by the sets' names that they replace
   * @return empty text: no rule names any of these
   */
  static String rename(Map<String, String> others, SavedRules saved) {
    List<String> lines = new ArrayList<>();
    for (String chain : saved.ourChains()) {
      List<String> rules = saved.rules(chain);
      List<String> then = rules.stream().map(rule -> rename(others, rule)).toList();
      if (!then.equals(rules)) {
        lines.add(":" + chain + " - [0:0]");
        then.forEach(rule -> lines.add("-A " + chain + " " + rule));
      }
    }
    return table(lines);
  }

  private static String rename(Map<String, String> others, String rule) {
    String renamed = rule;
    for (Map.Entry<String, String> other : others.entrySet()) {
      renamed =
          renamed.replace(
              "--match-set " + other.getKey() + " ", "--match-set " + other.getValue() + " ");
    }
    return renamed;
  }

  /** Takes out all that is ours. */
  static String remove(SavedRules saved) {
    List<String> lines = new ArrayList<>(jumpFirst(Map.of(), saved));
    lines.addAll(drop(saved.ourChains()));
    return table(lines);
  }

  /**
   * Puts up one jail's rules where no packet comes by, and takes them away: does iptables agree?
   */
  static String trial(String jail, List<Closure> closures, Family family) {
    List<String> lines = new ArrayList<>(List.of(":" + Names.TRIAL_CHAIN + " - [0:0]"));
    for (Closure closure : closures) {
      for (String rule : IptablesRule.of(closure, Names.set(jail, family), family)) {
        lines.add("-A " + Names.TRIAL_CHAIN + " " + rule);
      }
    }
    List<String> jumped = closures.stream().map(Closure::chain).distinct().toList();
    // At the end, past what a packet meets: only whether the chain is there matters.
    jumped.forEach(chain -> lines.add("-A " + chain + " -j " + Names.TRIAL_CHAIN));
    jumped.forEach(chain -> lines.add("-D " + chain + " -j " + Names.TRIAL_CHAIN));
    lines.addAll(drop(List.of(Names.TRIAL_CHAIN)));
    return table(lines);
  }

  /** Each chain jumps to ours first thing and only once; other jumps to ours are taken out. */
  private static List<String> jumpFirst(Map<String, String> jumps, SavedRules saved) {
    List<String> lines = new ArrayList<>();
    Map<String, String> missing = new LinkedHashMap<>(jumps);
    saved
        .chains()
        .forEach(
            (chain, rules) -> {
              String wanted = jumps.getOrDefault(chain, "");
              List<String> present =
                  rules.stream().map(SavedRules::jump).filter(j -> !j.isEmpty()).toList();
              boolean right =
                  !wanted.isEmpty()
                      && present.equals(List.of(wanted))
                      && SavedRules.jump(rules.get(0)).equals(wanted);
              if (right) {
                missing.remove(chain);
              } else {
                present.forEach(jump -> lines.add("-D " + chain + " -j " + jump));
              }
            });
    missing.forEach((chain, ours) -> lines.add("-I " + chain + " 1 -j " + ours));
    return lines;
  }

  private static List<String> drop(Collection<String> chains) {
    List<String> lines = new ArrayList<>();
    chains.forEach(chain -> lines.add("-F " + chain));
    chains.forEach(chain -> lines.add("-X " + chain));
    return lines;
  }

  private static String table(List<String> lines) {
    return lines.isEmpty() ? "" : "*filter\n" + String.join("\n", lines) + "\nCOMMIT\n";
  }
}
