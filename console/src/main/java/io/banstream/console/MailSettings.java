package io.banstream.console;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * How bans are told by mail, where a jail's actions ask for it.
 *
 * @param sendmail the program that takes mails, as Postfix's; empty: nobody is sent any
 * @param hourly mails an hour and recipient; what is over goes into one at the hour's end
 */
public record MailSettings(Optional<Path> sendmail, int hourly) {
  public static final MailSettings NONE = new MailSettings(Optional.empty(), 1);

  /**
   * @throws IllegalArgumentException if hourly is out of its range
   */
  public MailSettings {
    Objects.requireNonNull(sendmail);
    if (hourly < 1 || hourly > 10_000) {
      throw new IllegalArgumentException("mails = " + hourly + ", expected 1 to 10000 an hour");
    }
  }
}
