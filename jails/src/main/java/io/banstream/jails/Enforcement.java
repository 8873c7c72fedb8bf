package io.banstream.jails;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * How the hosts of a group close the door to a jail's banned addresses.
 *
 * @param closures the firewall rules; empty: the jail only counts
 * @param actions what else is to be done at a ban: mails, scripts
 * @param cut whether the connections that a banned address has through the closures are closed
 */
public record Enforcement(List<Closure> closures, List<ActionCall> actions, boolean cut) {
  public Enforcement {
    closures = List.copyOf(closures);
    actions = List.copyOf(actions);
  }

  /**
   * One firewall rule's worth.
   *
   * @param ports empty: all ports
   * @param protocol as iptables names it, or {@code all}
   * @param chain the chain jumped from, as {@code INPUT}
   * @param blocktype {@code DROP}, or {@code REJECT} with its options
   * @param banaction the action it was read from, as {@code iptables-multiport}
   */
  public record Closure(
      List<PortRange> ports, String protocol, String chain, String blocktype, String banaction) {
    private static final List<String> PROTOCOLS =
        List.of("tcp", "udp", "udplite", "sctp", "dccp", "icmp", "icmpv6", "all");

    public Closure {
      ports = List.copyOf(ports);
      if (!PROTOCOLS.contains(protocol)) {
        throw new IllegalArgumentException(
            "protocol = " + protocol + ", expected one of " + String.join(", ", PROTOCOLS));
      }

      requireWord("chain", chain, "[A-Za-z0-9_.-]{1,28}");
      requireWord("blocktype", blocktype, "[A-Za-z0-9 _-]{1,80}");
      Objects.requireNonNull(banaction);
    }

    /** These words become arguments of iptables: what can't be one is refused here. */
    private static void requireWord(String key, String value, String form) {
      if (!value.matches(form) || value.startsWith("-")) {
        throw new IllegalArgumentException(key + " = " + value + ", expected " + form);
      }
    }
  }

  /**
   * Ports from {@code first} to {@code last}, both counted, 0 to 65535; text as iptables': {@code
   * 25} or {@code 6000:6010}.
   */
  public record PortRange(int first, int last) {
    public PortRange {
      if (first < 0 || last > 65535 || first > last) {
        throw new IllegalArgumentException(
            "port = " + first + ":" + last + ", expected 0 to 65535, the first not above the last");
      }
    }

    /**
     * @throws IllegalArgumentException if the text is no number and no range of numbers
     */
    public static PortRange parse(String text) {
      if (!text.matches("\\d{1,5}(:\\d{1,5})?")) {
        throw new IllegalArgumentException("port = " + text + ", expected N or FIRST:LAST");
      }
      int colon = text.indexOf(':');
      String first = colon < 0 ? text : text.substring(0, colon);
      return new PortRange(Integer.parseInt(first), Integer.parseInt(text.substring(colon + 1)));
    }

    @Override
    public String toString() {
      return first == last ? Integer.toString(first) : first + ":" + last;
    }
  }

  /**
   * Another action of a jail, as its {@code action} key names it.
   *
   * @param name in action.d, without {@code .conf}
   * @param options as given in the brackets
   * @param commands what it runs on hosts that allow it; empty: nothing
   */
  public record ActionCall(
      String name, Map<String, String> options, Optional<ActionCommands> commands) {
    public ActionCall {
      Objects.requireNonNull(name);
      options = Map.copyOf(options);
      Objects.requireNonNull(commands);
    }
  }
}
