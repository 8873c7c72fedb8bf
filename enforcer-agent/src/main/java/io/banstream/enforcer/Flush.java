package io.banstream.enforcer;

import io.banstream.jails.ShellCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes everything of ours out of this host's firewall, and back what jails' actions did. */
public final class Flush {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private Flush() {}

  /** Where rulesets are saved that a boot loads: CentOS, Debian. */
  private static final List<String> SAVED =
      List.of(
          "/etc/sysconfig/iptables",
          "/etc/sysconfig/ip6tables",
          "/etc/iptables/rules.v4",
          "/etc/iptables/rules.v6",
          "/etc/nftables.conf",
          "/etc/sysconfig/nftables.conf");

  /**
   * Saved rulesets that name what is ours: without our sets the next boot would refuse them, and
   * the host stand open. To be saved anew.
   *
   * @param root where they are looked for: {@code /}
   */
  public static List<Path> savedWithOurs(Path root) {
    return SAVED.stream()
        .map(file -> root.resolve(file.substring(1)))
        .filter(Flush::namesOurs)
        .toList();
  }

  private static boolean namesOurs(Path file) {
    try {
      return Files.isReadable(file)
          && Files.readString(file, StandardCharsets.ISO_8859_1).contains(Names.SETS);
    } catch (IOException e) {
      return false; // nobody's ruleset
    }
  }

  /**
   * Leaves the firewall as it was before the first start, tables that we caused to exist included.
   * What is not ours stays as it is.
   *
   * @param data the enforcer's own folder, as in {@link EnforcerSettings#data}
   * @param commandPrefix words put before every command
   * @return what was taken out, a line each
   * @throws EnforcerException if an enforcer of that folder runs, or a tool refuses
   */
  public static List<String> run(Path data, List<String> commandPrefix) {
    try {
      if (!Files.isDirectory(data)) {
        return clear(new Shell(commandPrefix, LIMIT), Optional.empty());
      }
      try (FolderLock lock = FolderLock.take(data)) {
        List<String> done = clear(new Shell(commandPrefix, LIMIT), Footprint.read(data));
        done.addAll(undo(ActionJournal.in(data), new ShellCommand(commandPrefix, LIMIT)));
        Footprint.forget(data);
        new BootFile(data).forget();
        return done;
      }
    } catch (FirewallException e) {
      throw new EnforcerException(e.getMessage(), e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Takes back what jails' actions did. */
  private static List<String> undo(ActionJournal journal, ShellCommand shell) throws IOException {
    List<String> done = new ArrayList<>();
    InstantSource clock = InstantSource.system();
    try {
      for (ActionJournal.Running left : journal.read()) {
        done.add(ActionLane.undo(left, journal, shell::run, clock));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EnforcerException("interrupted", e);
    }
    journal.forget();
    return done;
  }

  private static List<String> clear(Shell shell, Optional<Footprint> footprint) {
    List<String> done = new ArrayList<>();
    clearIpset(shell, footprint, done);
    clearNft(shell, footprint.map(Footprint::tools).orElse(Tools.STANDARD), done);
    return done;
  }

  /** Takes out what {@link IpsetFirewall} puts up. */
  static void clearIpset(Shell shell, Optional<Footprint> footprint, List<String> done) {
    Tools tools = footprint.map(Footprint::tools).orElse(Tools.STANDARD);
    for (Family family : Family.values()) {
      installed(shell, tools.iptables(family)).ifPresent(tool -> clearRules(tool, done));
    }
    clearSets(shell, tools.ipset(), done);
    footprint.ifPresent(f -> f.clear(shell));
  }

  /** Takes out what {@link NftFirewall} puts up. */
  static void clearNft(Shell shell, Tools tools, List<String> done) {
    if (isInstalled(shell, tools.nft()) && NftFirewall.print(shell, tools, "-t").isPresent()) {
      shell.require(List.of(tools.nft(), "delete table " + NftTable.NAME), "");
      done.add("nft table " + NftTable.NAME);
    }
  }

  private static boolean isInstalled(Shell shell, String tool) {
    try {
      return shell.run(List.of(tool, "--version"), "").succeeded();
    } catch (FirewallException e) {
      return false;
    }
  }

  /** A tool that is not here has put nothing up. */
  private static Optional<Iptables> installed(Shell shell, String name) {
    try {
      return Optional.of(new Iptables(shell, name));
    } catch (FirewallException e) {
      return Optional.empty();
    }
  }

  private static void clearRules(Iptables tool, List<String> done) {
    SavedRules saved = tool.save();
    String script = IptablesScript.remove(saved);
    if (!script.isEmpty()) {
      tool.require(script);
      saved.ourChains().forEach(chain -> done.add(tool + " chain " + chain));
    }
  }

  private static void clearSets(Shell shell, String ipset, List<String> done) {
    Shell.Result saved;
    try {
      saved = shell.run(List.of(ipset, "save"), "");
    } catch (FirewallException e) {
      return;
    }
    if (!saved.succeeded()) {
      throw new FirewallException(ipset + " save: " + saved.words());
    }
    for (String set : Kernel.parse(saved.out(), Instant.EPOCH).sets().keySet()) {
      shell.require(List.of(ipset, "destroy", set), "");
      done.add("ipset " + set);
    }
  }
}
