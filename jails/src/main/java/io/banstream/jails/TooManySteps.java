package io.banstream.jails;

/**
 * A line was given up, because a regular expression took too long on it: nothing was found in it.
 * The message names the expression by its key.
 */
public final class TooManySteps extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String expression;

  /**
   * @param key the filter's
   */
  TooManySteps(String key, String regex, StepLimit.Exceeded cause) {
    super(key + " = " + regex.replaceAll("\\p{Cntrl}", "?") + ": given up, too many steps", cause);
    this.expression = regex;
  }

  /** As the filter has it. */
  public String expression() {
    return expression;
  }
}
