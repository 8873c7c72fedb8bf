package io.banstream.console;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How bans are told by mail, where a jail's actions ask for it.
 *
 * @param sendmail the program that takes mails, as Postfix's; empty: none does
 * @param smtp the server that takes mails instead; without either, nobody is sent any
 * @param hourly mails an hour and recipient; what is over goes into one at the hour's end
 */
public record MailSettings(Optional<Path> sendmail, Optional<SmtpServer> smtp, int hourly) {
  public static final MailSettings NONE = new MailSettings(Optional.empty(), Optional.empty(), 1);

  /**
   * @throws IllegalArgumentException if hourly is out of its range, or both take mails
   */
  public MailSettings {
    if (sendmail.isPresent() && smtp.isPresent()) {
      throw new IllegalArgumentException("mails go by sendmail or by smtp, expected one of them");
    }
    if (hourly < 1 || hourly > 10_000) {
      throw new IllegalArgumentException("mails = " + hourly + ", expected 1 to 10000 an hour");
    }
  }
}
