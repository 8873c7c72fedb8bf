package io.banstream.enforcer;

/** A tool of the firewall failed or can't be called. The message is one line, in its words. */
final class FirewallException extends RuntimeException {
  FirewallException(String message) {
    super(message);
  }

  FirewallException(String message, Throwable cause) {
    super(message, cause);
  }
}
