package io.banstream.console;

import io.banstream.schemas.ActionRecord;
import io.banstream.schemas.JailRecord;
import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * What a jail's actions {@code mail*} and {@code sendmail*} ask for, as fail2ban's action.d has
 * them.
 *
 * @param name what the jail is called in the mail
 * @param dest one address, or a local user
 * @param sender the envelope's and the header's
 * @param senderName in plain words
 * @param whois who the address belongs to is asked and told
 * @param lines what the logs said is told
 * @param gathered how many bans one mail is to tell; 1: each has its own
 */
record MailAction(
    String name,
    String dest,
    String sender,
    String senderName,
    boolean whois,
    boolean lines,
    int gathered) {
  /** Bans that one mail tells at most. */
  static final int MOST_GATHERED = 500;

  private static final int GATHERED = 5;
  private static final Pattern NUMBER = Pattern.compile("[1-9]\\d{0,8}");

  /** No blank, nothing that ends an address in a header, nothing that begins an option. */
  private static final Pattern ADDRESS =
      Pattern.compile("[A-Za-z0-9_.+=/@\\[\\]:][A-Za-z0-9_.+=/@\\[\\]:-]{0,253}");

  /**
   * The jail's in every group, one a recipient: the fleet is told once.
   *
   * @param records the jail's, one a group
   */
  static Collection<MailAction> of(String jail, Collection<JailRecord> records) {
    SortedMap<String, MailAction> byDest = new TreeMap<>();
    for (JailRecord record : records) {
      for (ActionRecord action : record.getEnforcement().getActions()) {
        if (action.getName().matches("(send)?mail(-.*)?")) {
          for (String dest : action.getOptions().getOrDefault("dest", "root").split("[\\s,]+")) {
            if (ADDRESS.matcher(dest).matches()) {
              byDest.merge(dest, of(jail, dest, action), MailAction::and);
            }
          }
        }
      }
    }
    return byDest.values();
  }

  private static MailAction of(String jail, String dest, ActionRecord action) {
    Map<String, String> options = action.getOptions();
    String sender = options.getOrDefault("sender", "fail2ban");
    return new MailAction(
        Plain.text(options.getOrDefault("name", jail)),
        dest,
        ADDRESS.matcher(sender).matches() ? sender : "fail2ban",
        Plain.text(options.getOrDefault("sendername", "Fail2Ban")),
        action.getName().contains("-whois"),
        action.getName().matches(".*(lines|matches)"),
        action.getName().endsWith("-buffered") ? gathered(options.get("lines")) : 1);
  }

  private static int gathered(String lines) {
    boolean number = lines != null && NUMBER.matcher(lines).matches();
    return number ? Math.min(Integer.parseInt(lines), MOST_GATHERED) : GATHERED;
  }

  private MailAction and(MailAction other) {
    return new MailAction(
        name,
        dest,
        sender,
        senderName,
        whois || other.whois,
        lines || other.lines,
        Math.min(gathered, other.gathered));
  }

  /**
   * @throws IllegalArgumentException if it is no address
   */
  static void requireAddress(String key, String address) {
    if (!ADDRESS.matcher(address).matches()) {
      throw new IllegalArgumentException(
          key + " = " + Plain.text(address) + ", expected an address");
    }
  }
}
