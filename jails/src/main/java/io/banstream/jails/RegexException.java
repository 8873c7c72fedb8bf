package io.banstream.jails;

/** A filter's value that can't be used. The message names key and value. */
final class RegexException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String key;

  RegexException(String key, String value, String why) {
    super(key + " = " + value.replaceAll("\\p{Cntrl}", "?") + ": " + why);
    this.key = key;
  }

  /** The filter's key. */
  String key() {
    return key;
  }
}
