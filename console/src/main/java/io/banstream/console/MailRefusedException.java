package io.banstream.console;

import java.io.IOException;

/** A mail is refused for good: to send it again would be refused again. */
final class MailRefusedException extends IOException {
  private static final long serialVersionUID = 1;

  MailRefusedException(IOException why) {
    super(why.getMessage(), why);
  }
}
