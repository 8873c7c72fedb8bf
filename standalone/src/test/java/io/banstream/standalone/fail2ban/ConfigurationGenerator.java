package io.banstream.standalone.fail2ban;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A random configuration of a seed: layers, includes, variables, filters and actions as people
 * write them. All of it is fail2ban's language, and it takes the whole.
 */
final class ConfigurationGenerator {
  private static final List<String> FILTERS = List.of("f0", "f1", "f2");
  private static final List<String> ACTIONS = List.of("a0", "a1", "a2");

  private static final String[] UNITS = {
    "", "s", "sec", "seconds", "m", "min", "minutes", "h", "hour", "d", "days", "w", "week", "mo",
    "months", "y", "year"
  };

  private final Random random;
  private final Path dir;
  private final String logs;
  private final Set<String> extended = new HashSet<>();

  /**
   * @param dir where it is written; logs come into its {@code log}
   */
  ConfigurationGenerator(long seed, Path dir) {
    this.random = new Random(seed);
    this.dir = dir;
    this.logs = dir.resolve("log").toString();
  }

  void write() throws IOException {
    for (String log : List.of("a.log", "b.log", "c-1.log", "c-2.log", ".hidden.log")) {
      file("log/" + log, "");
    }
    for (String filter : FILTERS) {
      file("filter.d/" + filter + ".conf", filter(true));
      if (chance(40)) {
        file("filter.d/" + filter + ".local", filter(false));
      }
    }
    file("filter.d/common.conf", FilterText.COMMON);
    for (String action : ACTIONS) {
      file("action.d/" + action + ".conf", ActionText.of(this));
      if (chance(30)) {
        file("action.d/" + action + ".local", ActionText.local(this));
      }
    }
    file("action.d/base.conf", ActionText.BASE);
    file("action.d/sms.py", "");
    file("paths.conf", lines("[INCLUDES]", "after = paths.local", "", "[DEFAULT]", logVariables()));
    if (chance(50)) {
      file("paths.local", lines("[DEFAULT]", "b_log = " + logs + "/b.log"));
    }
    file("fail2ban.conf", "[Definition]\nloglevel = INFO");
    file("jail.conf", base());
    for (String name : List.of("jail.d/10-a.conf", "jail.local", "jail.d/05-b.local")) {
      if (chance(60)) {
        file(name, layer());
      }
    }
  }

  private String logVariables() {
    return lines(
        "a_log = " + logs + "/a.log",
        "b_log = %(a_log)s",
        "c_log = " + logs + "/c-*.log",
        "a_backend = " + pick("auto", "%(default/c_backend)s", "polling"),
        "c_backend = " + pick("auto", "systemd", "pyinotify"));
  }

  private String base() {
    List<String> text = new ArrayList<>();
    text.add(
        lines("# The base", "[INCLUDES]", pick("before", "after", "before ") + "= paths.conf"));
    text.add("[DEFAULT]");
    text.add(
        lines(
            "filter = %(__name__)s" + pick("", "[mode=%(mode)s]", "[mode=\"%(mode)s\"]"),
            "mode = " + pick("normal", "aggressive"),
            "enabled = " + pick("false", "no", "0", "False"),
            "port = 0:65535",
            "protocol = " + pick("tcp", "udp"),
            "chain = <known/chain>",
            "mail = root@example.com",
            "few = " + pick("3", "5"),
            "ignoreip = 127.0.0.0/8",
            "long = " + time(),
            "banaction = " + pick(ACTIONS),
            "action_ = %(banaction)s[port=\"%(port)s\", protocol=\"%(protocol)s\","
                + " chain=\"%(chain)s\"]",
            "action_m = %(action_)s",
            "           a2[name=%(__name__)s-mail, dest=\"%(mail)s\", logpath=\"%(logpath)s\"]",
            "action = %(action_)s"));
    for (String filter : FILTERS) {
      text.add("[" + filter + "]");
      text.add(keys(filter, 3, "logpath", "%(" + pick("a_log", "b_log", "c_log") + ")s"));
    }
    return String.join("\n", text) + "\n";
  }

  private String layer() {
    List<String> text = new ArrayList<>();
    if (chance(50)) {
      text.add(lines(pick("", "; all jails"), "[DEFAULT]", keys("DEFAULT", 3)));
    }
    for (String jail : List.of("f0", "f1", "f2", "other", "my-jail")) {
      if (chance(60)) {
        text.add("[" + jail + "]");
        text.add("enabled = " + pick("true", "yes", "on", "1", "True", "true ; since May"));
        text.add(
            FILTERS.contains(jail)
                ? keys(jail, 6)
                : keys(jail, 6, "filter", filterSpec(), "logpath", paths(jail)));
      }
    }
    return String.join("\n", text) + "\n";
  }

  /** Random keys of a section, each once. */
  private String keys(String section, int most, String... first) {
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < first.length; i += 2) {
      values.put(first[i], first[i + 1]);
    }
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      add(section, values);
    }
    List<String> text = new ArrayList<>();
    values.forEach((k, v) -> text.add(set(k, v)));
    return String.join("\n", text);
  }

  private void add(String section, Map<String, String> values) {
    boolean jail = !section.equals("DEFAULT");
    switch (random.nextInt(24)) {
      case 0 -> values.put("bantime", pick(time(), "-1", "%(long)s"));
      case 1 -> values.put("findtime", pick(time(), "%(long)s"));
      case 2 -> values.put("maxretry", pick("1", "7", "%(few)s", "%(default/few)s"));
      case 3 -> values.put("maxmatches", pick("%(few)s", "10"));
      case 4 -> values.put("usedns", pick("yes", "no", "warn", "raw", "No"));
      case 5 ->
          values.put("logencoding", pick("auto", "utf-8", "UTF8", "latin-1", "ascii", "cp1252"));
      case 6 -> values.put("ignoreself", pick("true", "false"));
      case 7, 8 -> values.put("ignoreip", ignored(section));
      case 9 -> values.put("ignorecommand", pick("", "/bin/true <ip>"));
      case 10 -> values.put("ignorecache", "key=\"<ip>\", max-count=100, max-time=5m");
      case 11 ->
          values.put(
              "backend", pick("auto", "polling", "systemd", "%(a_backend)s", "%(c_backend)s"));
      case 12 -> values.put("bantime.increment", pick("true", "false", "yes"));
      case 13 -> values.put("bantime.factor", pick("1", "2", "1.5", "2.0 / 2.885385"));
      case 14 -> values.put("bantime.multipliers", pick("1 2 4 8", "1", ""));
      case 15 -> values.put("bantime." + pick("maxtime", "rndtime"), pick(time(), ""));
      case 16 -> values.put("bantime.overalljails", pick("true", "no"));
      case 17 ->
          values.put(
              "bantime.formula",
              pick(
                  "ban.Time * (1<<(ban.Count if ban.Count<20 else 20)) * banFactor",
                  "ban.Time * math.exp(float(ban.Count+1)*banFactor)/math.exp(1*banFactor)",
                  "min(ban.Time * ban.Count ** 2, 86400 * 7)",
                  "ban.Time // (ban.Count - 3) %% 7",
                  ""));
      case 18 -> values.put("logtimezone", pick("UTC", "UTC+0200", "GMT-0100"));
      case 19 ->
          values.put(pick("mode", "few", "mail", "port", "colour"), pick("aggressive", "normal"));
      case 20 -> {
        if (jail) {
          values.put("action", actions());
        }
      }
      case 21 -> {
        if (jail) {
          values.put("filter", filterSpec());
        }
      }
      case 22 -> {
        if (jail) {
          values.put("logpath", paths(section));
        }
      }
      default -> {
        if (jail) {
          FilterText.inJail(this, values);
        }
      }
    }
    values.remove("few", "aggressive");
    values.remove("few", "normal");
  }

  private String ignored(String section) {
    // Once a section: of an extension of an extension fail2ban says that it stands in itself.
    boolean extend = !section.equals("DEFAULT") && chance(30) && extended.add(section);
    String more = extend ? "%(known/ignoreip)s " : "";
    return more
        + pick(
            "127.0.0.1/8 ::1",
            "192.0.2.7, 198.51.100.0/24,2001:db8::/32",
            "192.0.2.77/24\n203.0.113.9 localhost",
            "198.51.100.0/255.255.255.0",
            "nosuch.invalid",
            "::ffff:192.0.2.1");
  }

  private String paths(String section) {
    return pick(
        logs + "/a.log",
        logs + "/a.log " + pick("tail", "head"),
        logs + "/a.log\n" + logs + "/b.log",
        logs + "/c-*.log" + pick("", " tail") + "\n" + logs + "/none.log",
        logs + "/c-[1-9].log\n" + logs + "/?.log",
        logs + "/a.log tail\n" + logs + "/*.log",
        "%(a_log)s\n%(c_log)s",
        "%(default/b_log)s",
        "%(A_Log)s",
        section.equals("f0") ? "%(c_log)s" : "%(f0/logpath)s");
  }

  private String filterSpec() {
    return pick(FILTERS)
        + pick(
            "",
            "[mode=aggressive]",
            "[mode=\"normal\", word='in, vain']",
            "[word=one][mode=%(mode)s]",
            "[maxlines=3,usedns=no]",
            "[word=\"<known/word>|more\"]",
            "[]",
            "[mode=aggressive, word=\"[a],b\"]",
            "[logtype=" + pick("file", "journal", "short") + "]");
  }

  private String actions() {
    return pick(
        "%(action_)s",
        "%(action_m)s",
        "a0",
        "a0[name=x, blocktype=DROP]",
        "a1[port=\"ssh,http\", chain='FORWARD']\na2[dest=\"a@example.com, b@example.com\"]",
        "a0[actname=first]\na0[actname=second, name=%(__name__)s]",
        "a2[dest='a \"b\" c', who=\"it's [x], y\", tool=]",
        "a2[dest= \"x\",port=1:2 ]",
        "a1[name=%(__name__)s][protocol=udp]  a2",
        "sms.py[actname=sms, dest=x]\na0",
        "a2[dest=\n     \"x@example.com\",\n  name=lines]");
  }

  private String filter(boolean whole) {
    return whole ? FilterText.of(this) : FilterText.local(this);
  }

  /** A key written one way or another, its value on one line or several. */
  String set(String key, String value) {
    String name = chance(5) ? key.toUpperCase() : key;
    String equals = pick(" = ", "=", " : ", "\t=  ");
    String comment = chance(10) ? " ; a note" : chance(5) ? "\n  # a note\n" : "";
    String lines = value.replace("\n", pick("\n    ", "\n\t", "\n\n  ", "\n  # between\n  "));
    return name + equals + lines + comment;
  }

  /** One to three terms, {@code 1d 12h}, as people add them up. */
  String time() {
    StringBuilder time = new StringBuilder();
    for (int terms = 1 + random.nextInt(3); terms > 0; terms--) {
      String number = pick("1", "2", "30", "90", "1.5") + pick("", "", "*60");
      String unit = number.contains("*") ? "" : pick(UNITS);
      time.append(number).append(unit.isEmpty() ? "" : pick("", " ")).append(unit);
      time.append(terms == 1 ? "" : unit.isEmpty() ? pick(" ", "+") : pick(" ", "", "+", " + "));
    }
    return time.toString();
  }

  boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private String pick(List<String> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  static String lines(String... lines) {
    return String.join("\n", Stream.of(lines).toList());
  }

  private void file(String name, String text) throws IOException {
    Path file = dir.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text + (text.endsWith("\n") ? "" : "\n"));
  }
}
