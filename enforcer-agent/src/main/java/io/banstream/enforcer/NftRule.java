package io.banstream.enforcer;

import io.banstream.jails.Enforcement.Closure;
import io.banstream.jails.Enforcement.PortRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A closure, said in iptables' words, as rules of nftables. */
final class NftRule {
  /** Our chains by the chains of iptables that they stand for; others have no hook. */
  static final Map<String, String> HOOKS =
      Map.of("INPUT", "input", "FORWARD", "forward", "OUTPUT", "output");

  /** What iptables and ip6tables call a refusal, as nftables' code for each family. */
  private static final Map<String, Map<Family, String>> CODES =
      Map.ofEntries(
          code("icmp-net-unreachable", "net-unreachable", "no-route"),
          code("icmp-host-unreachable", "host-unreachable", "addr-unreachable"),
          code("icmp-proto-unreachable", "prot-unreachable", "port-unreachable"),
          code("icmp-port-unreachable", "port-unreachable", "port-unreachable"),
          code("icmp-net-prohibited", "net-prohibited", "admin-prohibited"),
          code("icmp-host-prohibited", "host-prohibited", "admin-prohibited"),
          code("icmp-admin-prohibited", "admin-prohibited", "admin-prohibited"),
          code("icmp6-no-route", "net-unreachable", "no-route"),
          code("icmp6-adm-prohibited", "admin-prohibited", "admin-prohibited"),
          code("icmp6-addr-unreachable", "host-unreachable", "addr-unreachable"),
          code("icmp6-port-unreachable", "port-unreachable", "port-unreachable"));

  private NftRule() {}

  private static Map.Entry<String, Map<Family, String>> code(String word, String v4, String v6) {
    return Map.entry(word, Map.of(Family.V4, v4, Family.V6, v6));
  }

  /** Why nftables can't have this closure; empty: it can. */
  static Optional<String> whyNot(Closure closure) {
    if (!HOOKS.containsKey(closure.chain())) {
      return Optional.of(
          "chain = " + closure.chain() + ": no hook of nftables, expected INPUT, FORWARD, OUTPUT");
    }
    if (!IptablesRule.canMatch(closure)) {
      return Optional.of("ports of a protocol that has none");
    }
    return verdict(closure, Family.V4).isEmpty()
        ? Optional.of("blocktype = " + closure.blocktype() + ": no verdict of nftables")
        : Optional.empty();
  }

  /**
   * The rules of one closure that {@link #whyNot} has nothing against, without their chain.
   *
   * @param source what of a packet must be in a set: {@code ip saddr @banstream-4-sasl}
   */
  static List<String> of(Closure closure, String source, Family family) {
    String block = source + " " + verdict(closure, family).orElseThrow();
    String protocol = closure.protocol();
    if (closure.ports().isEmpty()) {
      boolean all = protocol.equals("all");
      return List.of((all ? "" : "meta l4proto " + protocol(protocol, family) + " ") + block);
    }
    String ports =
        closure.ports().stream().map(NftRule::range).collect(Collectors.joining(", ", "{ ", " }"));
    List<String> rules = new ArrayList<>();
    for (String each : protocol.equals("all") ? List.of("tcp", "udp") : List.of(protocol)) {
      rules.add(each + " dport " + ports + " " + block);
    }
    return rules;
  }

  private static String range(PortRange ports) {
    return ports.first() == ports.last()
        ? Integer.toString(ports.first())
        : ports.first() + "-" + ports.last();
  }

  private static String protocol(String name, Family family) {
    boolean icmp = name.equals("icmp") || name.equals("icmpv6");
    return icmp ? (family == Family.V4 ? "icmp" : "ipv6-icmp") : name;
  }

  /** Empty: it is a target that nftables does not have. */
  private static Optional<String> verdict(Closure closure, Family family) {
    String[] words = closure.blocktype().trim().split(" +");
    if (words.length == 1) {
      return switch (words[0]) {
        case "DROP" -> Optional.of("drop");
        case "REJECT" -> Optional.of("reject");
        default -> Optional.empty();
      };
    }
    if (words.length != 3 || !words[0].equals("REJECT") || !words[1].equals("--reject-with")) {
      return Optional.empty();
    }
    if (words[2].equals("tcp-reset")) {
      return closure.protocol().equals("tcp")
          ? Optional.of("reject with tcp reset")
          : Optional.empty();
    }
    return Optional.ofNullable(CODES.get(words[2]))
        .map(
            c ->
                "reject with "
                    + (family == Family.V4 ? "icmp" : "icmpv6")
                    + " type "
                    + c.get(family));
  }
}
