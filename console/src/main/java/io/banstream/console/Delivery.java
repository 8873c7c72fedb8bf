package io.banstream.console;

import java.io.IOException;
import java.util.Optional;

/** Hands mails over to what brings them further. */
interface Delivery {
  /** What the settings say, if mails are to be sent at all. */
  static Optional<Delivery> of(MailSettings settings) {
    return settings
        .sendmail()
        .<Delivery>map(SendmailDelivery::new)
        .or(() -> settings.smtp().map(SmtpDelivery::new));
  }

  /**
   * Returns once the letter is taken; may take half a minute.
   *
   * @throws MailRefusedException if it will never be
   * @throws IOException if it is not now
   * @throws InterruptedException if the thread is interrupted; it may have been taken
   */
  void deliver(Letter letter) throws IOException, InterruptedException;
}
