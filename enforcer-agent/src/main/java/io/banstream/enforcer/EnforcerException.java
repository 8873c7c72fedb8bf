package io.banstream.enforcer;

/**
 * The enforcer can't do what was asked, for a reason the user can mend. The message is one line.
 */
public final class EnforcerException extends RuntimeException {
  EnforcerException(String message) {
    super(message);
  }

  EnforcerException(String message, Throwable cause) {
    super(message, cause);
  }
}
