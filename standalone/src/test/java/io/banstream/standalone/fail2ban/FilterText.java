package io.banstream.standalone.fail2ban;

import static io.banstream.standalone.fail2ban.ConfigurationGenerator.lines;

import java.util.Map;

/** Filters of random configurations. */
final class FilterText {
  static final String COMMON =
      lines(
          "[INCLUDES]",
          "after = common.local",
          "[DEFAULT]",
          "_daemon = \\S+",
          "__pid = (?:\\[\\d+\\])?",
          "__prefix = <lt_<logtype>/__prefix>",
          "[lt_file]",
          "__prefix = \\s*%(_daemon)s%(__pid)s:?\\s+",
          "[lt_short]",
          "__prefix = \\s*%(_daemon)s:\\s+",
          "[lt_journal]",
          "__prefix = %(lt_short/__prefix)s");

  private FilterText() {}

  static String of(ConfigurationGenerator g) {
    return lines(
        "[INCLUDES]",
        "before = common.conf",
        "",
        "[Definition]",
        g.set("_daemon", g.pick("daemon", "(?:one|two)", "%(_name)s")),
        "_name = " + g.pick("server", "ser;ver"),
        "prefix_line = " + g.pick("%(__prefix)s", "<__prefix>", ""),
        g.set("mode", "normal"),
        "re-normal = ^%(prefix_line)swrong password for <F-USER>.*</F-USER> from <HOST>$",
        "re-mode = ^%(mode)s-<mode> <HOST>$",
        "re-aggressive = <re-normal>\n  ^%(prefix_line)s<word>, <ADDR> said$",
        g.set(
            "failregex",
            g.pick(
                "<re-<mode>>",
                "<re-<mode>>\n^<HOST> (?:<word>)$",
                "<re-mode>\n^%(mode)s: <HOST>$",
                "%(re-normal)s")),
        g.set(
            "ignoreregex",
            g.pick("", "^%(prefix_line)snever mind <HOST>$", "from <word>$\n^<HOST> is us$")),
        g.chance(30) ? "datepattern = " + g.pick("{^LN-BEG}", "%%Y-%%m-%%d %%H:%%M:%%S") : "",
        g.chance(30) ? "prefregex = ^%(__prefix)s<F-CONTENT>.+</F-CONTENT>$" : "",
        g.chance(30) ? g.set("maxlines", g.pick("1", "5")) : "",
        g.chance(30) ? "usedns = " + g.pick("yes", "no") : "",
        g.chance(60) ? g.set("journalmatch", g.pick(MATCHES)) : "",
        "",
        "[Init]",
        "word = " + g.pick("in", "a;b", "known"),
        g.chance(20) ? "maxlines = " + g.pick("2", "4") : "",
        g.chance(20) ? "logtype = short" : "");
  }

  private static final String[] MATCHES = {
    "_SYSTEMD_UNIT=one.service",
    "_SYSTEMD_UNIT=one.service + _COMM=one",
    "_COMM=one _UID=0\n_COMM=two"
  };

  static String local(ConfigurationGenerator g) {
    return g.pick(
        "[Definition]\nfailregex = %(known/failregex)s\n    ^also <HOST>$",
        "[Definition]\n" + g.set("mode", "aggressive"),
        "[Init]\nword = <known/_name>",
        "[Definition]\nre-normal = ^%(prefix_line)sother <HOST>$\n[Init]\nword = %(known/word)s-too",
        "[DEFAULT]\n__pid =\n[lt_file]\n__prefix = \\S+\\s+");
  }

  /** What a jail says in its filter's place. */
  static void inJail(ConfigurationGenerator g, Map<String, String> values) {
    switch (g.pick(
        "failregex", "ignoreregex", "maxlines", "datepattern", "journalmatch", "prefregex")) {
      case "failregex" ->
          values.put("failregex", g.pick("^jail <HOST>$", "%(known/failregex)s\n^more <HOST>$"));
      case "ignoreregex" ->
          values.put("ignoreregex", g.pick("", "^jail's <HOST>$", "%(known/ignoreregex)s"));
      case "maxlines" -> values.put("maxlines", g.pick("1", "8"));
      case "datepattern" -> values.put("datepattern", g.pick("{^LN-BEG}%%H:%%M", "^%%Y-%%m-%%d"));
      case "journalmatch" -> values.put("journalmatch", g.pick(MATCHES));
      default -> values.put("prefregex", g.pick("", "^<F-CONTENT>.+</F-CONTENT>$"));
    }
  }
}
