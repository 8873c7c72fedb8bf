package io.banstream.jails;

import java.util.Map;

/**
 * Hears what a filter makes of each line, for whoever tries the filter out. A filter that has one
 * looks at every line, and tries all its expressions on a line, also those behind the one that made
 * the match. What is found is the same.
 */
public interface MatchWitness {
  /**
   * The line has a date.
   *
   * @param form of dates, as datepattern has it
   */
  void dated(String form);

  /** The prefregex matches. */
  void prefixed();

  /**
   * The first failregex that matches.
   *
   * @param failregex its index, from 0
   * @param groups what it captured and what is known of its connection; {@code nofail} is not empty
   *     where it is no failure
   */
  void hit(int failregex, Map<String, String> groups);

  /** One behind the first would have matched too. */
  void alsoHit(int failregex);

  /** An ignoreregex matches what a failregex did, or the line before any is tried. */
  void ignored(int ignoreregex);

  /** One behind the first took too long. */
  void givenUp(TooManySteps behindTheFirst);
}
