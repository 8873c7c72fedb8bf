package io.banstream.jails;

import io.banstream.jails.Enforcement.ActionCall;
import io.banstream.jails.Enforcement.Closure;
import io.banstream.jails.Enforcement.PortRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/**
 * Reads what one action of a jail closes, or that it is for others to carry out. What fail2ban's
 * firewall actions do is known by their name (actions.txt); ports, chain and block type are what
 * the action's files and the jail's options say.
 */
final class ActionReader {
  private static final Map<String, String[]> KNOWN = new HashMap<>();

  static {
    for (String[] row : Table.rows("actions.txt")) {
      KNOWN.put(row[0], row);
    }
  }

  private final ConfigurationFolder folder;
  private final IniReader files;

  ActionReader(ConfigurationFolder folder, IniReader files) {
    this.folder = folder;
    this.files = files;
  }

  /** Whether the action closes the firewall. */
  static boolean closes(String action) {
    return KNOWN.containsKey(action) && !KNOWN.get(action)[1].equals("tells");
  }

  /**
   * @param where file and line of the key that names it
   * @param key {@code action} or {@code banaction}
   * @throws ConfigurationException if there is no such action
   */
  ActionCall call(String where, String key, ActionLine line) throws ConfigurationException {
    String file = "action.d/" + line.name();
    boolean there =
        KNOWN.containsKey(line.name())
            || folder.exists(file + ".conf")
            || folder.exists(file + ".local")
            || line.name().endsWith(".py") && folder.exists(file);
    if (!there) {
      throw new ConfigurationException(
          where,
          key + " = " + Printable.of(line.name()) + ", which is unknown: no " + file + ".conf");
    }
    return new ActionCall(line.name(), line.options());
  }

  /**
   * The rules of an action that {@link #closes}: one a protocol.
   *
   * @param where file and line of an option that the jail gives it, by the option's key
   * @param ports takes the port list and where it stands, for what is to be told of it
   * @throws ConfigurationException if an option has a value that can't be
   */
  List<Closure> closures(
      UnaryOperator<String> where, ActionLine line, BiConsumer<String, Ports> ports)
      throws ConfigurationException {
    String[] known = KNOWN.get(line.name());
    Ini ini = files.read("action.d/" + line.name(), "action.d/" + known[2]).orElseThrow();
    Definition definition = new Definition(ini, line.options(), Map.of());
    Reading reading = new Reading(where, line, definition);
    String kind = kind(known[1], definition);
    List<PortRange> ranges = List.of();
    if (kind.equals("ports")) {
      Ports list = reading.ports();
      ports.accept(reading.where("port"), list);
      ranges = list.ranges();
    }
    String protocols = kind.equals("everything") ? "all" : reading.value("protocol", "tcp");
    List<Closure> closures = new ArrayList<>();
    for (String protocol : protocols.toLowerCase(Locale.ROOT).split("[,\\s]+")) {
      closures.add(reading.closure(ranges, protocol));
    }
    return closures;
  }

  /** What is closed: an option may turn ports into allports, as fail2ban's own files allow. */
  private static String kind(String named, Definition definition) throws ConfigurationException {
    Optional<String> type = definition.get("type");
    if (type.isPresent()) {
      return type.get().equals("allports") ? "allports" : "ports";
    }
    Optional<String> actiontype = definition.get("actiontype");
    return actiontype.isPresent() && actiontype.equals(definition.get("allports"))
        ? "allports"
        : named;
  }

  private record Reading(UnaryOperator<String> jailWhere, ActionLine line, Definition definition) {
    String where(String key) {
      return line.options().containsKey(key) ? jailWhere.apply(key) : definition.where(key);
    }

    String value(String key, String otherwise) throws ConfigurationException {
      return definition.get(key).orElse(otherwise).strip();
    }

    Ports ports() throws ConfigurationException {
      String list = value("port", "0:65535");
      try {
        return Ports.parse(list);
      } catch (IllegalArgumentException e) {
        throw new ConfigurationException(
            where("port"), "port = " + Printable.of(list) + ": " + e.getMessage());
      }
    }

    Closure closure(List<PortRange> ports, String protocol) throws ConfigurationException {
      String name = line.name();
      String chain = value("chain", "INPUT");
      String blocktype = value("blocktype", "DROP");
      try {
        return name.startsWith("nftables")
            ? new Closure(ports, protocol, hook(), target(blocktype), name)
            : new Closure(ports, protocol, builtInChain(chain), blocktype, name);
      } catch (IllegalArgumentException e) {
        String key = e.getMessage().substring(0, e.getMessage().indexOf(' '));
        throw new ConfigurationException(where(key), name + ": " + e.getMessage());
      }
    }

    /** The chain that nftables' hook is for iptables. */
    private String hook() throws ConfigurationException {
      return value("chain_hook", "input").toUpperCase(Locale.ROOT);
    }

    /** firewalld's INPUT_direct is its hook into INPUT, and means that. */
    private static String builtInChain(String chain) {
      return chain.replaceFirst("_direct$", "");
    }

    /** An nftables verdict as an iptables target. */
    private static String target(String verdict) {
      return verdict.contains("drop") ? "DROP" : "REJECT";
    }
  }
}
