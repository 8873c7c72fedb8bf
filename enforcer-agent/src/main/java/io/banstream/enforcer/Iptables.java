package io.banstream.enforcer;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One family's iptables, whatever its age: 1.4.7 (CentOS 6) knows neither {@code -w} nor -C. */
final class Iptables {
  private static final Pattern VERSION = Pattern.compile("v(\\d+)\\.(\\d+)\\.(\\d+)");
  private static final int[] RESTORE_WAITS = {1, 6, 2};
  private static final int[] WAITS = {1, 4, 20};

  /** The exit code of iptables' own where it could not begin; nftables' has it for more. */
  private static final int RESOURCE_PROBLEM = 4;

  private final Shell shell;
  private final String name;
  private final String version;

  /**
   * @throws FirewallException if it is not installed
   */
  Iptables(Shell shell, String name) {
    this.shell = shell;
    this.name = name;
    this.version = shell.require(List.of(name, "--version"), "");
  }

  /** Whether its rules are nftables' in truth, so that it makes tables where none were. */
  boolean isNft() {
    return version.contains("nf_tables");
  }

  /**
   * @throws FirewallException if this process may not see the rules, or the kernel has none
   */
  void requireRight() {
    List<String> words = new ArrayList<>(List.of(name));
    if (isAtLeast(version, WAITS)) {
      words.add("-w");
    }
    words.addAll(List.of("-S", "INPUT"));
    Shell.Result result = shell.run(words, "");
    if (!result.succeeded()) {
      String said = result.words();
      boolean right = !said.matches("(?i).*(permission denied|not permitted|must be root).*");
      throw new FirewallException(
          right ? name + " fails: " + said : "no right to call " + name + ": " + said);
    }
  }

  SavedRules save() {
    return SavedRules.parse(shell.require(List.of(name + "-save", "-t", "filter"), ""));
  }

  /**
   * @throws FirewallException if another holds the lock, which is no word on the script
   */
  Shell.Result restore(String script) {
    List<String> words = new ArrayList<>(List.of(name + "-restore"));
    if (isAtLeast(version, RESTORE_WAITS)) {
      words.add("-w");
    }
    words.add("--noflush");
    Shell.Result result = shell.run(words, script);
    if (result.exit() == RESOURCE_PROBLEM && result.words().contains("xtables lock")) {
      throw new FirewallException(name + "-restore: " + result.words());
    }
    return result;
  }

  /**
   * @throws FirewallException if it is refused
   */
  void require(String script) {
    Shell.Result result = restore(script);
    if (!result.succeeded()) {
      throw new FirewallException(name + "-restore: " + result.words());
    }
  }

  static boolean isAtLeast(String version, int... least) {
    Matcher matcher = VERSION.matcher(version);
    if (!matcher.find()) {
      return false;
    }
    for (int i = 0; i < least.length; i++) {
      int order = Integer.compare(Integer.parseInt(matcher.group(i + 1)), least[i]);
      if (order != 0) {
        return order > 0;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return name;
  }
}
