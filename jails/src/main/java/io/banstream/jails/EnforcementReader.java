package io.banstream.jails;

import io.banstream.jails.Enforcement.ActionCall;
import io.banstream.jails.Enforcement.Closure;
import io.banstream.jails.Notice.Severity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads a jail's {@code action}: what it closes, and what else is to be done. */
final class EnforcementReader {
  /** Targets of a jail that opens a port to whom it knows, as fail2ban's pass2allow. */
  private static final Set<String> LETS_PASS = Set.of("RETURN", "ACCEPT");

  private final ActionReader actions;
  private final List<Notice> notices;

  /**
   * @param notices what is to be told is added here
   */
  EnforcementReader(ActionReader actions, List<Notice> notices) {
    this.actions = actions;
    this.notices = notices;
  }

  /**
   * @param actions all of the jail's, in fail2ban's words
   */
  record Reading(Enforcement enforcement, List<ResolvedAction> actions) {}

  /**
   * @param values what an action may name of the jail
   */
  Reading read(String name, JailValues jail, Ini ini, Map<String, String> values)
      throws ConfigurationException {
    String where = actionWhere(name, ini);
    String text = jail.text("action", "");
    List<ActionLine> lines;
    try {
      lines = ActionLine.parseAll(text);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(
          where, "action = " + Printable.of(text) + ": " + e.getMessage());
    }
    List<Closure> closures = new ArrayList<>();
    List<ActionCall> calls = new ArrayList<>();
    List<ResolvedAction> resolved = new ArrayList<>();
    boolean portUsed = false;
    for (ActionLine line : lines) {
      ActionReader.Source source =
          jail.has("banaction", line.name())
              ? actions.source(jail.where("banaction"), "banaction", name, line)
              : actions.source(where, "action", name, line);
      resolved.add(ActionReader.resolve(source, values));
      if (source.closes()) {
        portUsed |= isJails(jail, line, "port");
        closures.addAll(
            ActionReader.closures(
                key -> isJails(jail, line, key) ? jail.where(key) : where,
                source,
                values,
                this::tell));
      } else {
        calls.add(call(where, source, values));
      }
    }
    List<String> run =
        calls.stream().flatMap(c -> c.commands().stream()).map(c -> c.name()).toList();
    if (closures.isEmpty() && !run.isEmpty()) {
      String by = Printable.of(String.join(", ", run));
      warn(
          Severity.WARNING,
          where,
          "jail %s closes nothing but by %s, on hosts whose enforcer has --allow-actions"
              .formatted(name, by));
    } else if (closures.isEmpty()) {
      warn(Severity.WARNING, where, "jail " + name + " closes nothing: it only counts");
    } else if (!portUsed) {
      tellOwnPort(name, jail, ini, closures);
    }
    if (closures.stream().anyMatch(c -> LETS_PASS.contains(c.blocktype()))) {
      warn(
          Severity.WARNING,
          where,
          "jail "
              + name
              + " lets pass whom it bans (blocktype); that everybody else is kept out (returntype)"
              + " is not done here");
    }
    return new Reading(new Enforcement(closures, calls, jail.flag("cut", false)), resolved);
  }

  private ActionCall call(String where, ActionReader.Source source, Map<String, String> values)
      throws ConfigurationException {
    String lines = source.line().options().getOrDefault("lines", "1");
    if (source.line().name().endsWith("-buffered") && !lines.matches("[1-9]\\d{0,8}")) {
      throw new ConfigurationException(
          where,
          "action " + source.name() + ": lines = " + Printable.of(lines) + ", expected 1 or more");
    }
    Optional<ActionCommands> commands = Optional.empty();
    if (!source.tells()) {
      String action = "action " + Printable.of(source.name());
      try {
        commands = ActionReader.commands(source, values);
        if (commands.isPresent()) {
          warn(Severity.NOTE, where, action + " runs on hosts whose enforcer has --allow-actions");
        }
      } catch (IllegalArgumentException e) {
        warn(Severity.WARNING, where, action + " is not run: " + e.getMessage());
      }
    }
    return new ActionCall(source.line().name(), source.line().options(), commands);
  }

  /** Where the administrator chose the action: in the jail, by action or banaction, or for all. */
  private static String actionWhere(String name, Ini ini) {
    for (String section : List.of(name, IniFile.DEFAULT)) {
      for (String key : List.of("action", "banaction")) {
        IniValue value = ini.own(section).get(key);
        if (value != null && !value.isBuiltIn()) {
          return value.where();
        }
      }
    }
    return ini.where(name, "action");
  }

  /** Whether an option's value is the jail's own of that key: then that is where it stands. */
  private static boolean isJails(JailValues jail, ActionLine line, String key) {
    String given = line.options().get(key);
    return given != null && jail.has(key, given);
  }

  private void tell(String where, Ports ports) {
    for (String unknown : ports.unknown()) {
      warn(
          Severity.WARNING,
          where,
          "port: no service is named "
              + Printable.of(unknown)
              + "; the others of the list are kept");
    }
    for (String historic : ports.historic()) {
      warn(
          Severity.NOTE,
          where,
          "port: "
              + historic
              + " is port "
              + Ports.service(historic)
              + ", which no services file of today says");
    }
  }

  /** The jail has a port list, and its action does not take it. */
  private void tellOwnPort(String name, JailValues jail, Ini ini, List<Closure> closures)
      throws ConfigurationException {
    IniValue own = ini.own(name).get("port");
    if (own == null || !own.isLocal()) {
      return;
    }
    jail.read(
        "port",
        "",
        t -> {
          tell(own.where(), Ports.parse(t));
          return t;
        });
    Closure first = closures.get(0);
    String closed = first.ports().isEmpty() ? "every port" : "port " + first.ports();
    warn(
        Severity.NOTE,
        own.where(),
        "port is not what is closed: "
            + first.banaction()
            + " is not given it, and closes "
            + closed.replaceAll("[\\[\\]]", "")
            + " ("
            + first.protocol()
            + ")");
  }

  private void warn(Severity severity, String where, String text) {
    Notice notice = new Notice(severity, where, text);
    if (!notices.contains(notice)) {
      notices.add(notice);
    }
  }
}
