package io.banstream.enforcer;

import io.banstream.jails.Enforcement.Closure;
import io.banstream.schemas.DecisionKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** One table of nftables: a set a jail, family and length, rules in chains of the hooks. */
final class NftFirewall implements Firewall {
  private final Shell shell;
  private final Tools tools;
  private SortedMap<String, List<Closure>> doors = new TreeMap<>();
  private final Set<String> sets = new TreeSet<>();
  private Optional<String> installed = Optional.empty();
  private Optional<ToolSession> session = Optional.empty();

  /**
   * @throws FirewallException if nft is not installed, this process may not call it, or this kernel
   *     has no sets whose elements end
   */
  NftFirewall(Shell shell, Tools tools) {
    this.shell = shell;
    this.tools = tools;
    String script = NftScript.trial(DecisionKey.MANUAL, Table.ALL_PORTS);
    Shell.Result trial = shell.run(List.of(tools.nft(), "-c", "-f", "-"), script);
    if (!trial.succeeded()) {
      boolean right = !trial.words().matches("(?i).*(not permitted|must be root|denied).*");
      throw new FirewallException(
          (right ? tools.nft() + " fails: " : "no right to call " + tools.nft() + ": ")
              + trial.words());
    }
  }

  @Override
  public Set<Family> families() {
    return EnumSet.allOf(Family.class);
  }

  @Override
  public Outcome install(Desired desired, Instant now) {
    Outcome outcome = new Outcome();
    NftTable present = table(now);
    doors = possible(desired, outcome);
    List<Change> changes = changes(desired, present, now);
    List<NftSet> wanted = wanted(desired, now);
    boolean fits =
        present.foreign().isEmpty()
            && run(NftScript.install(doors, wanted, changes, present, now)).succeeded();
    if (!fits) {
      // One jail's rules must not keep the others' away, nor what others made of our table.
      doors.entrySet().removeIf(door -> isRefused(door.getKey(), door.getValue(), outcome));
      wanted = wanted(desired, now);
      List<Change> all = changes(desired, NftTable.NONE, now);
      Shell.Result result = run(NftScript.anew(doors, wanted, all, now));
      if (!result.succeeded()) {
        throw new FirewallException(tools.nft() + ": " + result.words());
      }
    }
    changes.stream()
        .map(Change::entry)
        .filter(entry -> doors.containsKey(entry.jail()))
        .forEach(outcome::applied);
    sets.clear();
    wanted.forEach(set -> sets.add(set.name()));
    installed = rules();
    return outcome;
  }

  private static SortedMap<String, List<Closure>> possible(Desired desired, Outcome outcome) {
    SortedMap<String, List<Closure>> possible = new TreeMap<>();
    desired
        .doors()
        .forEach(
            (jail, closures) -> {
              Optional<String> why =
                  closures.stream().flatMap(c -> NftRule.whyNot(c).stream()).findFirst();
              why.ifPresent(words -> outcome.refused(jail, words));
              if (why.isEmpty() && !closures.isEmpty()) {
                possible.put(jail, closures);
              }
            });
    return possible;
  }

  private List<Change> changes(Desired desired, NftTable present, Instant now) {
    Map<Entry, Instant> held = present.kernel().entries(doors.keySet());
    return Difference.between(desired.bans(), held, now).stream()
        .filter(change -> doors.containsKey(change.entry().jail()))
        .toList();
  }

  /** A jail's single addresses always have a set, networks where there are any. */
  private List<NftSet> wanted(Desired desired, Instant now) {
    SortedMap<String, NftSet> wanted = new TreeMap<>();
    for (String jail : doors.keySet()) {
      for (Family family : Family.values()) {
        NftSet set = NftSet.single(jail, family);
        wanted.put(set.name(), set);
      }
    }
    desired
        .bans()
        .forEach(
            (entry, until) -> {
              if (until.isAfter(now) && doors.containsKey(entry.jail())) {
                NftSet set = NftSet.of(entry);
                wanted.put(set.name(), set);
              }
            });
    return List.copyOf(wanted.values());
  }

  private boolean isRefused(String jail, List<Closure> closures, Outcome outcome) {
    String script = NftScript.trial(jail, closures);
    Shell.Result trial = shell.run(List.of(tools.nft(), "-c", "-f", "-"), script);
    if (!trial.succeeded()) {
      outcome.refused(jail, trial.words());
    }
    return !trial.succeeded();
  }

  private Shell.Result run(String script) {
    return shell.run(List.of(tools.nft(), "-f", "-"), script);
  }

  @Override
  public Outcome apply(List<Change> changes, Instant now) {
    Outcome outcome = new Outcome();
    changes.forEach(this::makeRoom);
    List<String> lines = changes.stream().map(change -> NftScript.line(change, now)).toList();
    if (lines.size() >= MANY && run(String.join("\n", lines) + "\n").succeeded()) {
      changes.forEach(change -> outcome.applied(change.entry()));
      return outcome;
    }
    List<Optional<String>> errors = send(lines); // each by itself, so that the others count
    for (int i = 0; i < changes.size(); i++) {
      Entry entry = changes.get(i).entry();
      errors
          .get(i)
          .ifPresentOrElse(
              words -> outcome.refused(entry.jail(), words + ": " + entry.address()),
              () -> outcome.applied(entry));
    }
    return outcome;
  }

  /** The first network of its length has no set yet. */
  private void makeRoom(Change change) {
    NftSet set = NftSet.of(change.entry());
    if (doors.containsKey(set.jail()) && sets.add(set.name())) {
      Shell.Result result = run(NftScript.extend(set, doors.get(set.jail())));
      if (!result.succeeded()) {
        sets.remove(set.name());
        throw new FirewallException(tools.nft() + ": " + result.words());
      }
      installed = rules();
    }
  }

  private List<Optional<String>> send(List<String> lines) {
    if (session.isEmpty()) {
      session = Optional.of(ToolSession.nft(shell, tools));
    }
    try {
      return session.get().send(lines);
    } catch (FirewallException e) {
      close();
      throw e;
    }
  }

  @Override
  public Optional<BootFile.Script> atBoot(Desired desired, Instant now) {
    List<Change> all = changes(desired, NftTable.NONE, now);
    List<NftSet> wanted = wanted(desired, now);
    return Optional.of(
        new BootFile.Script("nft", each -> NftScript.atBoot(doors, wanted, all, now, each)));
  }

  @Override
  public Kernel read(Instant now) {
    return table(now).kernel();
  }

  private NftTable table(Instant now) {
    NftTable table = new NftTable();
    List<String> words = list(tools, "-j");
    return isThere(words, shell.read(words, out -> table.add(out, now))) ? table : NftTable.NONE;
  }

  /** Our table but for what is in its sets; empty: there is none. */
  private Optional<String> rules() {
    return print(shell, tools, "-s", "-t");
  }

  /**
   * Our table as nft prints it; empty: there is none.
   *
   * @throws FirewallException if nft does not tell
   */
  static Optional<String> print(Shell shell, Tools tools, String... options) {
    List<String> words = list(tools, options);
    Shell.Result result = shell.run(words, "");
    return isThere(words, result) ? Optional.of(result.out()) : Optional.empty();
  }

  private static List<String> list(Tools tools, String... options) {
    List<String> words = new ArrayList<>(List.of(tools.nft()));
    words.addAll(List.of(options));
    words.addAll(List.of("list", "table"));
    words.addAll(List.of(NftTable.NAME.split(" ")));
    return words;
  }

  private static boolean isThere(List<String> words, Shell.Result result) {
    if (!result.succeeded() && !result.words().contains("No such file or directory")) {
      throw new FirewallException(String.join(" ", words) + ": " + result.words());
    }
    return result.succeeded();
  }

  @Override
  public boolean rulesStand() {
    return rules().equals(installed);
  }

  @Override
  public void close() {
    session.ifPresent(ToolSession::close);
    session = Optional.empty();
  }
}
