package io.banstream.standalone.fail2ban;

import java.nio.file.Path;

/**
 * Something wrong that a configuration of the generator is given, and who takes it all the same.
 */
enum Fault {
  NO_SUCH_FILTER(Taken.BY_NONE, jail("filter = nosuch")),
  NO_SUCH_ACTION(Taken.BY_NONE, jail("action = nosuch[name=x]")),
  FILTER_OPTIONS_DO_NOT_END(Taken.BY_NONE, jail("filter = f0[mode=normal")),
  ACTION_OPTION_WITHOUT_COMMA(Taken.BY_NONE, jail("action = a0[port=\"x\" dest=y]")),
  NAME_OF_NOTHING(Taken.BY_NONE, jail("bantime = %(nosuch)s")),
  STANDS_IN_ITSELF(Taken.BY_NONE, jail("bantime = %(bantime)s")),
  LONE_PERCENT(Taken.BY_NONE, jail("mail = 10%\naction = a2[dest=%(mail)s]")),
  NO_KEY(Taken.BY_NONE, jail("just words")),
  NO_SECTION(Taken.BY_NONE, "bantime = 5\n"),
  CONTINUATION_WITHOUT_INDENT(Taken.BY_NONE, jail("logpath = /var/log/x\n/var/log/y")),
  TAGS_GO_ROUND(
      Taken.BY_NONE,
      "filter.d/f0.local",
      "[Definition]\nx = <y>\ny = <x>\nfailregex = <x> <HOST>\n"),

  /** As under Python 2; told. */
  KEY_TWICE(Taken.BY_US, jail("bantime = 5\nbantime = 6")),
  SECTION_TWICE(Taken.BY_US, jail("bantime = 5\n[f1]\nmaxretry = 2\n[f0]\nmaxretry = 3")),

  /** fail2ban looks for %(name)s in what it has already put in. */
  PERCENT_OF_THE_FILTER(
      Taken.BY_US_SILENTLY, jail("filter = f0[word=\"100%%\"]\nfailregex = %(known/word)s <HOST>")),
  /** fail2ban keeps one value before the last, and none of DEFAULT's. */
  DEFAULT_EXTENDED(
      Taken.BY_US_SILENTLY, "[DEFAULT]\nignoreip = %(known/ignoreip)s 192.0.2.1\n" + jail("")),

  /** fail2ban says nothing and goes on with a default. */
  NO_NUMBER(Taken.BY_FAIL2BAN, jail("maxretry = many")),
  COMMENT_WITHIN_A_LINE(Taken.BY_FAIL2BAN, jail("maxretry = 5 # five")),
  NO_TIME(Taken.BY_FAIL2BAN, jail("bantime.maxtime = -5")),
  NEITHER_TRUE_NOR_FALSE(Taken.BY_FAIL2BAN, jail("ignoreself = maybe")),
  NO_LOG(Taken.BY_FAIL2BAN, jail("backend = auto\nlogpath =")),

  /** Skipped by both; told by us. */
  INCLUDES_ITSELF(Taken.BY_BOTH, "[INCLUDES]\nbefore = 99-fault.local\n" + jail("bantime = 7")),
  UNKNOWN_KEY(Taken.BY_BOTH, jail("colour = blue")),
  COMMENT_IN_IGNOREIP(Taken.BY_BOTH, jail("ignoreip = 192.0.2.1 # us"));

  /** Who takes it. */
  enum Taken {
    BY_BOTH(true, true),
    BY_NONE(false, false),
    BY_US(true, false),
    BY_US_SILENTLY(true, false),
    BY_FAIL2BAN(false, true);

    final boolean ours;
    final boolean theirs;

    Taken(boolean ours, boolean theirs) {
      this.ours = ours;
      this.theirs = theirs;
    }
  }

  final Taken taken;
  final Path file;
  final String text;

  Fault(Taken taken, String text) {
    this(taken, "jail.d/99-fault.local", text);
  }

  Fault(Taken taken, String file, String text) {
    this.taken = taken;
    this.file = Path.of(file);
    this.text = text;
  }

  private static String jail(String keys) {
    return "[f0]\nenabled = true\n" + keys + "\n";
  }
}
