package io.banstream.jails;

import java.util.Objects;

/**
 * Something that a reader of the configuration is to be told, and that stops nothing.
 *
 * @param severity how much it matters
 * @param where file and line, as {@code jail.local:12}
 * @param text one line
 */
public record Notice(Severity severity, String where, String text) {
  /** How much a notice matters. */
  public enum Severity {
    /** Accepted, and not needed here. */
    NOTE,
    /** Probably not what was meant: an unknown key, say. */
    WARNING
  }

  public Notice {
    Objects.requireNonNull(severity);
    Objects.requireNonNull(where);
    Objects.requireNonNull(text);
  }

  @Override
  public String toString() {
    return where + ": " + text;
  }
}
