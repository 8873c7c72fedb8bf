package io.banstream.enforcer;

import io.banstream.jails.Enforcement.Closure;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets of ipset with timeouts, one a jail and family; rules of iptables and ip6tables. */
final class IpsetFirewall implements Firewall {
  private static final Logger LOG = LoggerFactory.getLogger(IpsetFirewall.class);

  private final Shell shell;
  private final Tools tools;
  private final Map<Family, Iptables> iptables = new EnumMap<>(Family.class);
  private final Map<Family, String> installed = new EnumMap<>(Family.class);
  private Optional<ToolSession> session = Optional.empty();

  /**
   * @throws FirewallException if a tool is not installed, or this process may not call it
   */
  IpsetFirewall(Shell shell, Tools tools) {
    this.shell = shell;
    this.tools = tools;
    Iptables v4 = new Iptables(shell, tools.iptables());
    v4.requireRight();
    Shell.Result sets = shell.run(List.of(tools.ipset(), "save"), "");
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
  public FirewallKind kind() {
    return FirewallKind.IPSET;
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
    restore(IpsetScript.fill(desired, before, families(), now), outcome);
    iptables.forEach((family, tool) -> installRules(desired, family, tool, outcome));
    restore(IpsetScript.clear(desired, before, families()), outcome);
    return outcome;
  }

  /** All lines at once; where ipset stops at one, each by itself, so that the others count. */
  private void restore(List<IpsetScript.Line> lines, Outcome outcome) {
    if (lines.isEmpty()) {
      return;
    }
    String text =
        lines.stream().map(IpsetScript.Line::text).collect(Collectors.joining("\n", "", "\n"));
    if (shell.run(List.of(tools.ipset(), "-exist", "restore"), text).succeeded()) {
      lines.forEach(line -> line.entry().ifPresent(outcome::applied));
    } else {
      send(lines, outcome);
    }
  }

  private void installRules(Desired desired, Family family, Iptables tool, Outcome outcome) {
    SavedRules saved = tool.save();
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
    if (!tool.restore(IptablesScript.install(doors, family, saved)).succeeded()) {
      // One jail's rules must not keep the others' away.
      for (String jail : List.copyOf(doors.keySet())) {
        Shell.Result trial = tool.restore(IptablesScript.trial(jail, doors.get(jail), family));
        if (!trial.succeeded()) {
          doors.remove(jail);
          outcome.refused(jail, trial.words());
        }
      }
      Shell.Result result = tool.restore(IptablesScript.install(doors, family, saved));
      if (!result.succeeded()) {
        throw new FirewallException(tool + "-restore: " + result.words());
      }
    }
    installed.put(family, tool.save().ours());
  }

  @Override
  public Outcome apply(List<Change> changes, Instant now) {
    Outcome outcome = new Outcome();
    send(changes.stream().map(c -> IpsetScript.line(c, now)).toList(), outcome);
    return outcome;
  }

  private void send(List<IpsetScript.Line> lines, Outcome outcome) {
    if (session.isEmpty()) {
      session = Optional.of(ToolSession.ipset(shell, tools));
    }
    List<Optional<String>> errors;
    try {
      errors = session.get().send(lines.stream().map(IpsetScript.Line::text).toList());
    } catch (FirewallException e) {
      close();
      throw e;
    }
    for (int i = 0; i < lines.size(); i++) {
      IpsetScript.Line line = lines.get(i);
      errors
          .get(i)
          .ifPresentOrElse(
              words -> outcome.refused(line.jail(), words + ": " + line.text()),
              () -> line.entry().ifPresent(outcome::applied));
    }
  }

  @Override
  public Optional<BootFile.Script> atBoot(Desired desired, Instant now) {
    Kernel empty = new Kernel(Collections.emptySortedMap());
    List<String> lines =
        IpsetScript.fill(desired, empty, families(), now).stream()
            .sorted(Comparator.comparing(line -> line.entry().isPresent())) // sets first
            .map(IpsetScript.Line::text)
            .toList();
    return Optional.of(new BootFile.Script("ipset", lines));
  }

  @Override
  public Kernel read(Instant now) {
    return Kernel.parse(shell.require(List.of(tools.ipset(), "save"), ""), now);
  }

  @Override
  public boolean rulesStand() {
    return iptables.entrySet().stream()
        .allMatch(e -> e.getValue().save().ours().equals(installed.get(e.getKey())));
  }

  @Override
  public void close() {
    session.ifPresent(ToolSession::close);
    session = Optional.empty();
  }
}
