package io.banstream.standalone.fail2ban;

import static io.banstream.standalone.fail2ban.ConfigurationGenerator.lines;

/** Actions of random configurations. */
final class ActionText {
  static final String BASE =
      lines(
          "[DEFAULT]",
          "tool = /bin/echo",
          "[Definition]",
          "_start = <tool> start <name>",
          "actioncheck = <tool> check",
          "actionstop = <actionflush>",
          "             <tool> stop",
          "[Init]",
          "name = default",
          "chain = INPUT",
          "port = ssh",
          "protocol = tcp",
          "blocktype = REJECT",
          "family = one",
          "[Init?family=inet6]",
          "blocktype = REJECT6",
          "tool = %(default/tool)s -6");

  private ActionText() {}

  static String of(ConfigurationGenerator g) {
    return lines(
        "[INCLUDES]",
        "before = base.conf",
        "[Definition]",
        g.set("actionstart", g.pick("<_start>", "%(_start)s\n<tool> again <port>", "")),
        g.set("actionflush", g.pick("<tool> flush <name>-<protocol>", "")),
        g.set(
            "actionban",
            g.pick(
                "<tool> <ip> <bantime> <<family>-set> <blocktype>",
                "printf %%b \"<matches>\\n\" | <tool> <dest> <logpath>",
                "<tool> <failures>/<maxretry> <known/port> <init/chain>")),
        "actionunban = <tool> <actname> <ip> %(__name__)s <findtime>",
        "one-set = set-<name>",
        g.chance(30) ? "norestored = " + g.pick("1", "true", "no", "0") : "",
        g.chance(30) ? "actionstart_on_demand = " + g.pick("true", "false") : "",
        g.chance(30) ? "actioncheck =" : "",
        "[Init]",
        g.set("dest", g.pick("root", "%(who)s@example.com")),
        "who = " + g.pick("postmaster", "<name>"));
  }

  static String local(ConfigurationGenerator g) {
    return g.pick(
        "[Init]\nblocktype = DROP",
        "[Definition]\nactionban = %(known/actionban)s\n   <tool> too",
        "[DEFAULT]\ntool = /bin/true",
        "[Init?family=inet6]\nblocktype = DROP6\n[Init]\nport = <known/chain>");
  }
}
