package io.banstream.enforcer;

import io.banstream.jails.Enforcement.Closure;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets of ipset with timeouts, one a jail and family; rules of iptables and ip6tables. */
final class IpsetFirewall implements Firewall {
  private static final Logger LOG = LoggerFactory.getLogger(IpsetFirewall.class);

  /** A reload of firewalld takes rules away more than once. */
  private static final int TRIES = 3;

  private static final int DESTROY_TRIES = 20;
  private static final Duration DESTROY_PAUSE = Duration.ofMillis(20);

  private static final String ADD = "add ";

  private final Shell shell;
  private final Tools tools;
  private final Map<Family, Iptables> iptables = new EnumMap<>(Family.class);
  private final Map<Family, String> installed = new EnumMap<>(Family.class);

  /** A set that our rules name. */
  private final Map<Family, String> named = new EnumMap<>(Family.class);

  private Optional<ToolSession> session = Optional.empty();

  /**
   * @throws FirewallException if a tool is not installed, or this process may not call it
   */
  IpsetFirewall(Shell shell, Tools tools) {
    this.shell = shell;
    this.tools = tools;
    Iptables v4 = new Iptables(shell, tools.iptables());
    v4.requireRight();
    Shell.Result sets =
        shell.read(
            List.of(tools.ipset(), "save"), out -> out.transferTo(OutputStream.nullOutputStream()));
    if (!sets.succeeded()) {
      throw new FirewallException("no right to call " + tools.ipset() + ": " + sets.words());
    }
    iptables.put(Family.V4, v4);
    try {
      Iptables v6 = new Iptables(shell, tools.ip6tables());
      v6.requireRight();
      iptables.put(Family.V6, v6);
    } catch (FirewallException e) {
      LOG.warn("IPv6 addresses are not banned on this host: {}", e.getMessage());
    }
  }

  @Override
  public Set<Family> families() {
    return iptables.keySet();
  }

  /** Whether what we put up makes nftables' tables, which flush must then know. */
  Map<Family, Boolean> nft() {
    return iptables.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().isNft()));
  }

  /** Whether there is neither a set nor a chain of ours. */
  boolean isUntouched(Instant now) {
    return read(now).sets().isEmpty()
        && iptables.values().stream().allMatch(t -> t.save().ourChains().isEmpty());
  }

  @Override
  public Outcome install(Desired desired, Instant now) {
    Outcome outcome = new Outcome();
    Kernel before = read(now);
    SortedMap<String, String> foreign = before.foreign(desired.doors().keySet(), families());
    if (!foreign.isEmpty()) {
      makeWay(foreign, desired, outcome, now);
      before = read(now);
    }
    restore(IpsetScript.fill(desired, before, families(), now), outcome);
    iptables.forEach((family, tool) -> installRules(desired, family, tool, outcome));
    restore(IpsetScript.clear(desired, before, families()), outcome);
    return outcome;
  }

  /**
   * Takes away sets that no swap can replace. Our rules can't do without: they name others that
   * hold what is desired, until the sets are made anew.
   */
  private void makeWay(
      SortedMap<String, String> foreign, Desired desired, Outcome outcome, Instant now) {
    // What is refused of these is refused of the sets themselves, too.
    restore(IpsetScript.standIns(foreign, desired, now), new Outcome());
    Map<String, String> others =
        foreign.keySet().stream().collect(Collectors.toMap(set -> set, Names::standIn));
    for (Iptables tool : iptables.values()) {
      String script = IptablesScript.rename(others, tool.save());
      if (!script.isEmpty()) {
        tool.require(script);
      }
    }
    foreign.forEach(
        (set, jail) -> destroy(set).ifPresent(words -> outcome.refused(jail, words + ": " + set)));
  }

  /**
   * What ipset has against it in the end: nf_tables lets go of a set a moment after the rule that
   * named it is gone.
   */
  private Optional<String> destroy(String set) {
    List<String> line = List.of("destroy " + set);
    Optional<String> error = send(line).get(0);
    for (int i = 0; i < DESTROY_TRIES && error.isPresent(); i++) {
      pause();
      error = send(line).get(0);
    }
    return error;
  }

  private static void pause() {
    try {
      Thread.sleep(DESTROY_PAUSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new FirewallException("interrupted", e);
    }
  }

  /** All lines at once; where ipset stops at one, each by itself, so that the others count. */
  private void restore(List<IpsetScript.Line> lines, Outcome outcome) {
    if (lines.isEmpty()) {
      return;
    }
    Shell.Input input =
        in -> {
          for (IpsetScript.Line line : lines) {
            in.write(line.text());
            in.write('\n');
          }
        };
    if (shell.run(List.of(tools.ipset(), "-exist", "restore"), input).succeeded()) {
      lines.forEach(line -> line.entry().ifPresent(outcome::applied));
    } else {
      send(lines, outcome);
    }
  }

  private void installRules(Desired desired, Family family, Iptables tool, Outcome outcome) {
    SortedMap<String, List<Closure>> doors = possible(desired, outcome);
    SavedRules now = put(doors, family, tool, outcome);
    for (int i = 1; i < TRIES && !IptablesScript.stands(doors, family, now); i++) {
      now = put(doors, family, tool, outcome);
    }
    if (!IptablesScript.stands(doors, family, now)) {
      throw new FirewallException(tool + ": others change the rules again and again");
    }
    installed.put(family, now.ours());
    named.remove(family);
    doors.entrySet().stream()
        .filter(door -> !door.getValue().isEmpty())
        .findFirst()
        .ifPresent(door -> named.put(family, Names.set(door.getKey(), family)));
  }

  private static SortedMap<String, List<Closure>> possible(Desired desired, Outcome outcome) {
    SortedMap<String, List<Closure>> doors = new TreeMap<>();
    desired
        .doors()
        .forEach(
            (jail, closures) -> {
              if (closures.stream().allMatch(IptablesRule::canMatch)) {
                doors.put(jail, closures);
              } else {
                outcome.refused(jail, "ports of a protocol that has none");
              }
            });
    return doors;
  }

  /**
   * Puts the rules up; leaves out of {@code doors} what iptables refuses.
   *
   * @return the rules as they are then: others may have changed them at the same time
   */
  private static SavedRules put(
      SortedMap<String, List<Closure>> doors, Family family, Iptables tool, Outcome outcome) {
    SavedRules saved = tool.save();
    if (!tool.restore(IptablesScript.install(doors, family, saved)).succeeded()) {
      // One jail's rules must not keep the others' away.
      for (String jail : List.copyOf(doors.keySet())) {
        Shell.Result trial = tool.restore(IptablesScript.trial(jail, doors.get(jail), family));
        if (!trial.succeeded()) {
          doors.remove(jail);
          outcome.refused(jail, trial.words());
        }
      }
      tool.require(IptablesScript.install(doors, family, saved));
    }
    return tool.save();
  }

  @Override
  public Outcome apply(List<Change> changes, Instant now) {
    Outcome outcome = new Outcome();
    List<IpsetScript.Line> lines = changes.stream().map(c -> IpsetScript.line(c, now)).toList();
    if (lines.size() < MANY) {
      send(lines, outcome);
    } else {
      restore(lines, outcome);
    }
    return outcome;
  }

  private void send(List<IpsetScript.Line> lines, Outcome outcome) {
    List<Optional<String>> errors = send(lines.stream().map(IpsetScript.Line::text).toList());
    for (int i = 0; i < lines.size(); i++) {
      IpsetScript.Line line = lines.get(i);
      errors
          .get(i)
          .ifPresentOrElse(
              words -> outcome.refused(line.jail(), words + ": " + line.text()),
              () -> line.entry().ifPresent(outcome::applied));
    }
  }

  /** What ipset has against each line. */
  private List<Optional<String>> send(List<String> lines) {
    if (session.isEmpty()) {
      session = Optional.of(ToolSession.ipset(shell, tools));
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
    List<IpsetScript.Line> lines = IpsetScript.fill(desired, new Kernel(), families(), now);
    return Optional.of(
        new BootFile.Script(
            "ipset",
            each -> {
              for (boolean entries : new boolean[] {false, true}) { // sets first
                for (IpsetScript.Line line : lines) {
                  if (line.entry().isPresent() == entries) {
                    each.line(line.text());
                  }
                }
              }
            }));
  }

  @Override
  public Kernel read(Instant now) {
    Kernel kernel = new Kernel();
    save(line -> kernel.add(line, now));
    return kernel;
  }

  /** By counting lines: {@code list -t} of an old ipset has no count. */
  @Override
  public Map<String, Integer> sizes(Instant now) {
    Map<String, Integer> sizes = new HashMap<>();
    save(
        line -> {
          if (line.startsWith(ADD)) {
            sizes.merge(
                line.substring(ADD.length(), line.indexOf(' ', ADD.length())), 1, Integer::sum);
          }
        });
    return sizes;
  }

  private void save(Consumer<String> each) {
    List<String> save = List.of(tools.ipset(), "save");
    Shell.Result result =
        shell.read(
            save,
            out ->
                new BufferedReader(new InputStreamReader(out, StandardCharsets.UTF_8))
                    .lines()
                    .forEach(each));
    if (!result.succeeded()) {
      throw new FirewallException(String.join(" ", save) + ": " + result.words());
    }
  }

  @Override
  public boolean rulesStand() {
    return iptables.entrySet().stream()
        .allMatch(e -> e.getValue().save().ours().equals(installed.get(e.getKey())));
  }

  /** By one set a family: what takes a chain away leaves its sets named by nobody. */
  @Override
  public boolean rulesAreGone() {
    List<String> lines = named.values().stream().map(IpsetScript::askWhetherNamed).toList();
    return !lines.isEmpty()
        && send(lines).stream().anyMatch(e -> e.filter(IpsetScript::saysUnnamed).isPresent());
  }

  @Override
  public void close() {
    session.ifPresent(ToolSession::close);
    session = Optional.empty();
  }
}
