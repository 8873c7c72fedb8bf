package io.banstream.enforcer;

import io.banstream.schemas.Address;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Touches nothing: prints each command that {@link IpsetFirewall} would have carried out, and keeps
 * in memory what the kernel would then hold.
 */
final class DryRunFirewall implements Firewall {
  private final Consumer<String> output;
  private final Map<String, Kernel.IpSet> sets = new TreeMap<>();
  private final Map<Family, Map<String, List<String>>> chains = new EnumMap<>(Family.class);

  DryRunFirewall(Consumer<String> output) {
    this.output = output;
    for (Family family : Family.values()) {
      chains.put(family, new LinkedHashMap<>(Map.of("INPUT", new ArrayList<>())));
    }
  }

  @Override
  public Set<Family> families() {
    return EnumSet.allOf(Family.class);
  }

  @Override
  public synchronized Outcome install(Desired desired, Instant now) {
    Outcome outcome = new Outcome();
    Kernel before = read(now);
    carryOut(IpsetScript.fill(desired, before, families(), now), outcome, now);
    for (Family family : Family.values()) {
      String script = IptablesScript.install(desired.doors(), family, rules(family));
      if (!new SavedRules(carriedOut(script, family)).equals(rules(family))) {
        chains.put(family, carriedOut(script, family));
        String tool = Tools.STANDARD.iptables(family);
        script
            .lines()
            .filter(line -> line.startsWith("-") || line.startsWith(":"))
            .map(line -> line.startsWith(":") ? "-N " + chainOf(line) : line)
            .forEach(line -> output.accept(tool + " " + line));
      }
    }
    carryOut(IpsetScript.clear(desired, before, families()), outcome, now);
    return outcome;
  }

  @Override
  public synchronized Outcome apply(List<Change> changes, Instant now) {
    Outcome outcome = new Outcome();
    carryOut(changes.stream().map(c -> IpsetScript.line(c, now)).toList(), outcome, now);
    return outcome;
  }

  private void carryOut(List<IpsetScript.Line> lines, Outcome outcome, Instant now) {
    for (IpsetScript.Line line : lines) {
      output.accept("ipset " + line.text());
      Optional<String> error = carryOut(line.text().replace("-exist ", "").split(" "), now);
      error.ifPresentOrElse(
          words -> outcome.refused(line.jail(), words),
          () -> line.entry().ifPresent(outcome::applied));
    }
  }

  private Optional<String> carryOut(String[] words, Instant now) {
    Kernel.IpSet set = sets.get(words[1]);
    if (words[0].equals("create")) {
      sets.putIfAbsent(
          words[1], new Kernel.IpSet(false, Integer.parseInt(words[8]), new HashMap<>()));
      return Optional.empty();
    }
    if (set == null) {
      return Optional.of("The set with the given name does not exist");
    }
    switch (words[0]) {
      case "add" -> {
        long seconds = Long.parseLong(words[4]);
        set.entries()
            .put(
                Address.parse(words[2]), seconds == 0 ? Change.FOR_EVER : now.plusSeconds(seconds));
      }
      case "del" -> set.entries().remove(Address.parse(words[2]));
      case "swap" -> sets.put(words[1], sets.put(words[2], set));
      default -> sets.remove(words[1]);
    }
    return Optional.empty();
  }

  /** What the chains are after a script of {@link IptablesScript}. */
  private Map<String, List<String>> carriedOut(String script, Family family) {
    Map<String, List<String>> after = new LinkedHashMap<>();
    chains.get(family).forEach((chain, rules) -> after.put(chain, new ArrayList<>(rules)));
    for (String line : script.lines().toList()) {
      String[] words = line.split(" ", 3);
      switch (words[0]) {
        case "-A" -> chain(after, words[1]).add(words[2]);
        case "-I" -> chain(after, words[1]).add(0, words[2].substring("1 ".length()));
        case "-D" -> chain(after, words[1]).remove(words[2]);
        case "-F" -> chain(after, words[1]).clear();
        case "-X" -> after.remove(words[1]);
        default -> {
          if (line.startsWith(":")) {
            after.put(chainOf(line), new ArrayList<>());
          }
        }
      }
    }
    return after;
  }

  private static List<String> chain(Map<String, List<String>> chains, String name) {
    return chains.computeIfAbsent(name, c -> new ArrayList<>());
  }

  private static String chainOf(String declaration) {
    return declaration.substring(1, declaration.indexOf(' '));
  }

  SavedRules rules(Family family) {
    return new SavedRules(chains.get(family));
  }

  @Override
  public Optional<BootFile.Script> atBoot(Desired desired, Instant now) {
    return Optional.empty();
  }

  /** As the kernel would: what is over is gone. */
  @Override
  public synchronized Kernel read(Instant now) {
    TreeMap<String, Kernel.IpSet> copy = new TreeMap<>();
    sets.forEach(
        (name, set) -> {
          set.entries().values().removeIf(until -> !until.isAfter(now));
          copy.put(name, new Kernel.IpSet(false, set.maxelem(), new HashMap<>(set.entries())));
        });
    return new Kernel(copy);
  }

  @Override
  public boolean rulesStand() {
    return true;
  }

  @Override
  public void close() {
    // Nothing is held.
  }
}
