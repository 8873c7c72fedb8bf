package io.banstream.console;

/**
 * A policy value that a push brought and that differs from the fleet's.
 *
 * @param jail the jail
 * @param key as in jail.conf, as {@code bantime}
 * @param fleet the fleet's value before the push, as jail.conf writes it (durations in seconds)
 * @param pushed the push's value
 * @param kept the fleet's stays in force; else the push's rules from now on
 */
public record PolicyDifference(String jail, String key, String fleet, String pushed, boolean kept) {

  /** One line for the operator. */
  @Override
  public String toString() {
    String values = jail + ": " + key + " = " + pushed + " here, " + fleet + " in the fleet: ";
    return values + (kept ? "the fleet's is kept" : pushed + " is now the fleet's");
  }
}
