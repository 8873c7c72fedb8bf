package io.banstream.jails;

/**
 * A configuration that can't be put in force. The message is one line and names file and line, key
 * and value.
 */
public final class ConfigurationException extends Exception {
  private static final long serialVersionUID = 1L;

  ConfigurationException(String where, String text) {
    super(where + ": " + text);
  }
}
