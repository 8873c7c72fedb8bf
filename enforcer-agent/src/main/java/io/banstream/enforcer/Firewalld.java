package io.banstream.enforcer;

import java.util.List;
import java.util.Optional;

/**
 * Where firewalld keeps its own rules, by what is in the kernel: firewalld is not asked. So nothing
 * waits for its message bus, an enforcer in a container sees it too, and every version is known by
 * the names that it has kept since 0.3.
 */
enum Firewalld {
  /** Its rules are those of iptables, as before 0.6: a reload takes out everybody's. */
  IN_IPTABLES("chain " + Firewalld.CHAIN),
  /** Its rules are in a table of its own: a reload replaces that table, and leaves others. */
  IN_NFTABLES(Firewalld.TABLE);

  private static final String TABLE = "table inet firewalld";
  private static final String CHAIN = "INPUT_ZONES";

  private final String sign;

  Firewalld(String sign) {
    this.sign = sign;
  }

  /** Empty: it has no rules in this kernel, so it does not run. */
  static Optional<Firewalld> find(Shell shell, Tools tools) {
    if (hasTable(shell, tools)) {
      return Optional.of(IN_NFTABLES);
    }
    return hasChain(shell, tools) ? Optional.of(IN_IPTABLES) : Optional.empty();
  }

  private static boolean hasTable(Shell shell, Tools tools) {
    try {
      Shell.Result tables = shell.run(List.of(tools.nft(), "list", "tables"), "");
      return tables.out().lines().anyMatch(TABLE::equals);
    } catch (FirewallException e) {
      return false; // no nft: should the table be there all the same, iptables' rules serve beside
      // it
    }
  }

  private static boolean hasChain(Shell shell, Tools tools) {
    try {
      return new Iptables(shell, tools.iptables()).save().chains().containsKey(CHAIN);
    } catch (FirewallException e) {
      return false;
    }
  }

  /** What it is known by: {@code table inet firewalld}. */
  @Override
  public String toString() {
    return sign;
  }
}
