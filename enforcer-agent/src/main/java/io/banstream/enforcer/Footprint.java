package io.banstream.enforcer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What was there before our first touch, kept on disk: where iptables writes to nftables it makes a
 * table and chains that flush has to take away again.
 *
 * @param tools those by which we touched it
 * @param before the chains of the table {@code filter}; empty: there was no such table. A family
 *     that iptables keeps in a table of its own, or that nft could not tell of, is not in it
 */
record Footprint(Tools tools, Map<Family, Optional<Set<String>>> before) {
  private static final String TITLE = "banstream footprint 1";
  private static final String ABSENT = "-";
  private static final Pattern CHAIN = Pattern.compile("\tchain (\\S+) \\{");

  /** Looks at the firewall as it is now. */
  static Footprint take(Shell shell, Tools tools, Map<Family, Boolean> nft) {
    Map<Family, Optional<Set<String>>> before = new EnumMap<>(Family.class);
    nft.forEach(
        (family, isNft) -> {
          if (isNft) {
            chains(shell, tools, family)
                .ifPresent(
                    chains ->
                        before.put(
                            family,
                            chains.isEmpty()
                                ? Optional.empty()
                                : Optional.of(new TreeSet<>(chains.keySet()))));
          }
        });
    return new Footprint(tools, before);
  }

  /**
   * The table's chains and their lines; none: there is no table, or it is empty. Empty where nft is
   * not installed: then nobody sees the table either.
   */
  private static Optional<Map<String, List<String>>> chains(
      Shell shell, Tools tools, Family family) {
    Map<String, List<String>> chains = new LinkedHashMap<>();
    try {
      Shell.Result table =
          shell.run(List.of(tools.nft(), "list", "table", family.nft(), "filter"), "");
      List<String> lines = new ArrayList<>();
      for (String line : table.succeeded() ? table.out().lines().toList() : List.<String>of()) {
        Matcher chain = CHAIN.matcher(line);
        if (chain.matches()) {
          lines = new ArrayList<>();
          chains.put(chain.group(1), lines);
        } else if (line.startsWith("\t\t")) {
          lines.add(line.trim());
        }
      }
      return Optional.of(chains);
    } catch (FirewallException e) {
      return Optional.empty();
    }
  }

  /** Takes away the empty chains and tables that were not there before. */
  void clear(Shell shell) {
    before.forEach(
        (family, earlier) -> {
          Map<String, List<String>> now = chains(shell, tools, family).orElse(Map.of());
          Set<String> left = new TreeSet<>(now.keySet());
          now.forEach(
              (chain, lines) -> {
                if (!earlier.orElse(Set.of()).contains(chain) && isUnused(lines)) {
                  delete(shell, "chain", family, chain);
                  left.remove(chain);
                }
              });
          if (earlier.isEmpty() && !now.isEmpty() && left.isEmpty()) {
            delete(shell, "table", family, "");
          }
        });
  }

  /** A chain with nothing but its declaration, which lets everything pass. */
  private static boolean isUnused(List<String> lines) {
    return lines.size() == 1
        && lines.get(0).startsWith("type filter hook ")
        && lines.get(0).endsWith("policy accept;");
  }

  private void delete(Shell shell, String what, Family family, String chain) {
    List<String> words =
        new ArrayList<>(List.of(tools.nft(), "delete", what, family.nft(), "filter"));
    if (!chain.isEmpty()) {
      words.add(chain);
    }
    shell.require(words, "");
  }

  private static Path file(Path folder) {
    return folder.resolve("footprint");
  }

  static boolean isKept(Path folder) {
    return Files.exists(file(folder));
  }

  void keep(Path folder) throws IOException {
    StringBuilder text = new StringBuilder(TITLE).append('\n');
    text.append(
        String.join(" ", "tools", tools.ipset(), tools.iptables(), tools.ip6tables(), tools.nft()));
    text.append('\n');
    before.forEach(
        (family, chains) ->
            text.append("table ")
                .append(family)
                .append(' ')
                .append(chains.map(c -> String.join(" ", c)).orElse(ABSENT))
                .append('\n'));
    Files.writeString(file(folder), text);
  }

  /**
   * @throws EnforcerException if the file is of another version
   */
  static Optional<Footprint> read(Path folder) throws IOException {
    if (!isKept(folder)) {
      return Optional.empty();
    }
    List<String> lines = Files.readAllLines(file(folder));
    if (lines.size() < 2 || !lines.get(0).equals(TITLE)) {
      throw new EnforcerException(file(folder) + ": expected '" + TITLE + "'");
    }
    String[] tools = lines.get(1).split(" ");
    Map<Family, Optional<Set<String>>> before = new EnumMap<>(Family.class);
    for (String line : lines.subList(2, lines.size())) {
      List<String> words = List.of(line.split(" "));
      before.put(
          Family.valueOf(words.get(1)),
          words.get(2).equals(ABSENT)
              ? Optional.empty()
              : Optional.of(new TreeSet<>(words.subList(2, words.size()))));
    }
    return Optional.of(new Footprint(new Tools(tools[1], tools[2], tools[3], tools[4]), before));
  }

  static void forget(Path folder) throws IOException {
    Files.deleteIfExists(file(folder));
  }
}
