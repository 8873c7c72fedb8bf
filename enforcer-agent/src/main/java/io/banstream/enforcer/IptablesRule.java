package io.banstream.enforcer;

import io.banstream.jails.Enforcement.Closure;
import io.banstream.jails.Enforcement.PortRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A closure as rules of iptables, each matching a jail's set. */
final class IptablesRule {
  /** iptables-extensions(8), multiport: up to 15 ports, a range counting as two. */
  private static final int PORTS_A_RULE = 15;

  private static final Set<String> WITH_PORTS = Set.of("tcp", "udp", "udplite", "sctp", "dccp");

  /** What IPv4's names of protocols and refusals are in IPv6. */
  private static final Map<String, String> V6_WORDS =
      Map.of(
          "icmp", "ipv6-icmp",
          "icmp-port-unreachable", "icmp6-port-unreachable",
          "icmp-net-unreachable", "icmp6-no-route",
          "icmp-host-unreachable", "icmp6-addr-unreachable",
          "icmp-proto-unreachable", "icmp6-port-unreachable",
          "icmp-net-prohibited", "icmp6-adm-prohibited",
          "icmp-host-prohibited", "icmp6-adm-prohibited",
          "icmp-admin-prohibited", "icmp6-adm-prohibited");

  private IptablesRule() {}

  /** The rules of one closure, in the words that follow {@code -A CHAIN}. */
  static List<String> of(Closure closure, String set, Family family) {
    String block = "-m set --match-set " + set + " src -j " + words(closure.blocktype(), family);
    if (closure.ports().isEmpty()) {
      String protocol = closure.protocol();
      return List.of((protocol.equals("all") ? "" : "-p " + words(protocol, family) + " ") + block);
    }
    // iptables knows no ports without a protocol: all protocols' ports are these two's.
    List<String> protocols =
        closure.protocol().equals("all") ? List.of("tcp", "udp") : List.of(closure.protocol());
    List<String> rules = new ArrayList<>();
    for (String protocol : protocols) {
      for (List<PortRange> ports : chunks(closure.ports())) {
        rules.add("-p " + protocol + " " + match(ports) + " " + block);
      }
    }
    return rules;
  }

  /** Whether iptables can match this closure's ports at all. */
  static boolean canMatch(Closure closure) {
    return closure.ports().isEmpty()
        || closure.protocol().equals("all")
        || WITH_PORTS.contains(closure.protocol());
  }

  private static String match(List<PortRange> ports) {
    List<String> texts = ports.stream().map(PortRange::toString).toList();
    return texts.size() == 1
        ? "--dport " + texts.get(0)
        : "-m multiport --dports " + String.join(",", texts);
  }

  private static List<List<PortRange>> chunks(List<PortRange> ports) {
    List<List<PortRange>> chunks = new ArrayList<>();
    List<PortRange> chunk = new ArrayList<>();
    int slots = 0;
    for (PortRange port : ports) {
      int needs = port.first() == port.last() ? 1 : 2;
      if (slots + needs > PORTS_A_RULE) {
        chunks.add(List.copyOf(chunk));
        chunk.clear();
        slots = 0;
      }
      chunk.add(port);
      slots += needs;
    }
    chunks.add(chunk);
    return chunks;
  }

  private static String words(String text, Family family) {
    if (family == Family.V4) {
      return text;
    }
    List<String> words = new ArrayList<>();
    for (String word : text.trim().split(" +")) {
      words.add(V6_WORDS.getOrDefault(word, word));
    }
    return String.join(" ", words);
  }
}
