package io.banstream.jails;

import io.banstream.jails.Enforcement.Closure;
import io.banstream.jails.Enforcement.PortRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

  /** What an action says in {@code [Definition]}; the rest is its options. */
  private static final List<String> COMMANDS = Table.lines("action-commands.txt");

  /** Tags that only a ban gives a value. */
  private static final Set<String> NOT_BEFORE_A_BAN =
      Set.of("matches", "ipmatches", "ipjailmatches", "timeout", "bantime");

  private final ConfigurationFolder folder;
  private final IniReader files;

  ActionReader(ConfigurationFolder folder, IniReader files) {
    this.folder = folder;
    this.files = files;
  }

  /**
   * An action of a jail, its files found.
   *
   * @param name that fail2ban knows it by
   * @param given its options; {@code name} and {@code actname} among them, unless it is Python
   * @param ini its files; empty where they are not there and not needed
   */
  record Source(String name, ActionLine line, Map<String, String> given, Optional<Ini> ini) {
    boolean closes() {
      return KNOWN.containsKey(line.name()) && !KNOWN.get(line.name())[1].equals("tells");
    }

    Definition definition(Map<String, String> jail) {
      return new Definition(ini.orElseGet(Ini::new), given, jail, NOT_BEFORE_A_BAN);
    }

    boolean tells() {
      return KNOWN.containsKey(line.name()) && !closes();
    }
  }

  /**
   * @param where file and line of the key that names it
   * @param key {@code action} or {@code banaction}
   * @throws ConfigurationException if there is no such action
   */
  Source source(String where, String key, String jail, ActionLine line)
      throws ConfigurationException {
    String file = "action.d/" + line.name();
    String[] known = KNOWN.get(line.name());
    boolean python = line.name().endsWith(".py") && folder.exists(file);
    Optional<Ini> ini =
        python ? Optional.empty() : files.read(file, known == null ? file : "action.d/" + known[2]);
    if (ini.isEmpty() && !python && known == null) {
      throw new ConfigurationException(
          where,
          key + " = " + Printable.of(line.name()) + ", which is unknown: no " + file + ".conf");
    }
    Map<String, String> given = new LinkedHashMap<>(line.options());
    String name = given.getOrDefault("actname", actname(jail, line, python));
    if (python) {
      given.remove("actname");
    } else {
      given.putIfAbsent("name", jail);
      given.put("actname", name);
    }
    return new Source(name, line, given, ini);
  }

  /** Names the action once a jail: with the {@code name} that it is given where that is another. */
  private static String actname(String jail, ActionLine line, boolean python) {
    if (python) {
      return line.name().substring(0, line.name().length() - ".py".length());
    }
    String name = line.options().getOrDefault("name", jail);
    String more = name.startsWith(jail) ? name.substring(jail.length()) : "-" + name;
    return line.name() + more;
  }

  /** What fail2ban would be told of it. */
  static ResolvedAction resolve(Source source, Map<String, String> jail)
      throws ConfigurationException {
    if (source.ini().isEmpty()) {
      return new ResolvedAction(source.name(), source.line().name(), source.given());
    }
    Definition definition = source.definition(jail);
    Map<String, String> values = commands(definition, jail);
    definition.options().forEach(values::putIfAbsent);
    return new ResolvedAction(source.name(), source.line().name(), values);
  }

  private static Map<String, String> commands(Definition definition, Map<String, String> jail)
      throws ConfigurationException {
    Map<String, String> values = new LinkedHashMap<>();
    for (String command : COMMANDS) {
      Optional<String> value =
          definition.isOption(command) || !jail.containsKey(command)
              ? definition.get(command)
              : Optional.empty();
      value.ifPresent(v -> values.put(command, v));
    }
    return values;
  }

  /**
   * What an action that neither closes nor tells runs on a host; empty: nothing.
   *
   * @throws IllegalArgumentException if it can't be run as it is written: why
   */
  static Optional<ActionCommands> commands(Source source, Map<String, String> jail)
      throws ConfigurationException {
    if (source.ini().isEmpty()) {
      throw new IllegalArgumentException("it is Python");
    }
    Map<String, Map<String, String>> families = new LinkedHashMap<>();
    for (String family : List.of("inet4", "inet6")) {
      Map<String, String> lines = commands(source.definition(jail).forFamily(family), jail);
      lines.values().removeIf(String::isBlank);
      lines.replaceAll((key, line) -> line.replace("<br>", "\n"));
      families.put(family, lines);
    }
    Map<String, String> inet4 = families.get("inet4");
    Map<String, String> inet6 = families.get("inet6");
    return inet4.isEmpty() && inet6.isEmpty()
        ? Optional.empty()
        : Optional.of(new ActionCommands(source.name(), inet4, inet6));
  }

  /**
   * The rules of an action that {@link Source#closes}: one a protocol. Where a value differs by
   * family it is IPv4's; the enforcer has ip6tables' word for it.
   *
   * @param where file and line of an option that the jail gives it, by the option's key
   * @param jail the jail's own values
   * @param ports takes the port list and where it stands, for what is to be told of it
   * @throws ConfigurationException if an option has a value that can't be
   */
  static List<Closure> closures(
      UnaryOperator<String> where,
      Source source,
      Map<String, String> jail,
      BiConsumer<String, Ports> ports)
      throws ConfigurationException {
    Definition definition = source.definition(jail).forFamily("inet4");
    Reading reading = new Reading(where, source.line(), definition);
    String kind = kind(KNOWN.get(source.line().name())[1], definition);
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
      Optional<String> rich =
          name.startsWith("firewallcmd-rich") ? definition.get("rich-blocktype") : Optional.empty();
      try {
        String blocktype =
            rich.isPresent() ? RichBlocktype.target(rich.get()) : value("blocktype", "DROP");
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
