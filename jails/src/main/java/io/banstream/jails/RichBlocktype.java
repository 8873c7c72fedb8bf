package io.banstream.jails;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code rich-blocktype} of fail2ban's firewallcmd-rich-rules says: the end of a rule in
 * firewalld's rich language (firewalld.richlanguage(5)).
 */
final class RichBlocktype {
  private static final Pattern ACTION =
      Pattern.compile("(accept|drop|reject)|reject +type *= *([\"']?)([A-Za-z0-9-]+)\\2");

  private RichBlocktype() {}

  /**
   * The same as an iptables target.
   *
   * @throws IllegalArgumentException if it is none, or does more than one can: mark, a limit
   */
  static String target(String rich) {
    Matcher action = ACTION.matcher(rich.strip());
    if (!action.matches()) {
      throw new IllegalArgumentException(
          "rich-blocktype '"
              + Printable.of(rich)
              + "', expected drop, reject or reject type='...'");
    }
    return action.group(1) == null
        ? "REJECT --reject-with " + action.group(3)
        : action.group(1).toUpperCase(Locale.ROOT);
  }
}
