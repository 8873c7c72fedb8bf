package io.banstream.enforcer;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The table {@code filter} of one family, as {@code iptables-save} prints it.
 *
 * @param chains each chain and its rules, in their order, without {@code -A CHAIN}
 */
record SavedRules(Map<String, List<String>> chains) {
  static SavedRules parse(String saved) {
    Map<String, List<String>> chains = new LinkedHashMap<>();
    boolean filter = false;
    for (String line : saved.split("\n")) {
      if (line.startsWith("*")) {
        filter = line.trim().equals("*filter");
      } else if (filter && line.startsWith(":")) {
        chains.put(line.substring(1).split(" ", 2)[0], new ArrayList<>());
      } else if (filter && line.startsWith("-A ")) {
        String[] words = line.trim().split(" +", 3);
        chains
            .computeIfAbsent(words[1], c -> new ArrayList<>())
            .add(words.length > 2 ? words[2] : "");
      }
    }
    return new SavedRules(chains);
  }

  List<String> rules(String chain) {
    return chains.getOrDefault(chain, List.of());
  }

  /** The chains of ours that are there. */
  List<String> ourChains() {
    return chains.keySet().stream().filter(Names::isOurChain).toList();
  }

  /** The chain of ours that a rule jumps to; empty text: none. */
  static String jump(String rule) {
    String target = rule.startsWith("-j ") ? rule.substring(3) : "";
    return Names.isOurChain(target) ? target : "";
  }

  /** All that is ours: our chains with their rules, and where they are jumped to from. */
  String ours() {
    StringBuilder text = new StringBuilder();
    chains.forEach(
        (chain, rules) -> {
          if (Names.isOurChain(chain)) {
            text.append(chain).append('\n');
            rules.forEach(rule -> text.append("  ").append(rule).append('\n'));
          } else {
            for (int i = 0; i < rules.size(); i++) {
              if (!jump(rules.get(i)).isEmpty()) {
                text.append(chain).append(' ').append(i + 1).append(' ').append(rules.get(i));
                text.append('\n');
              }
            }
          }
        });
    return text.toString();
  }
}
