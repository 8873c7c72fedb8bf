package io.banstream.jails;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;

/**
 * {@code bantime.formula} of jail.conf(5): an expression of Python's that says how many seconds a
 * repeated ban lasts. It is read once into a tree, and nothing of it is ever run.
 *
 * <p>It may hold numbers, {@code ban.Time} (bantime in seconds), {@code ban.Count} (bans before
 * this one), {@code banFactor}, Python's operators on numbers, comparisons, {@code and}, {@code
 * or}, {@code not}, {@code a if b else c}, and the functions of {@link FormulaFunctions}. Whole
 * numbers are exact, of at most {@value PythonNumbers#MOST_BITS} bits; others are doubles. What a
 * function comes to is the same on every platform. Two formulas of the same text are equal.
 */
public final class BanFormula {
  private static final int LONGEST = 1_000;

  private final String text;
  private final FormulaTerm term;

  private BanFormula(String text, FormulaTerm term) {
    this.text = text;
    this.term = term;
  }

  /**
   * @throws IllegalArgumentException if it is none; the message names the place, counted from 1
   */
  public static BanFormula parse(String text) {
    return parse(text, FormulaParser.Names.OF_A_BAN);
  }

  /**
   * {@code bantime.factor}, which is an expression without a ban's names.
   *
   * @throws IllegalArgumentException as {@link #parse}, and if it has no value
   */
  static double constant(String text) {
    BanFormula formula = parse(text, FormulaParser.Names.NONE);
    try {
      return formula.seconds(Duration.ZERO, 0, 1);
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static BanFormula parse(String text, FormulaParser.Names names) {
    if (text.length() > LONGEST) {
      throw new IllegalArgumentException("expected at most " + LONGEST + " characters");
    }
    return new BanFormula(text, new FormulaParser(text, names).parse());
  }

  /**
   * What the formula comes to, before fail2ban's other rules.
   *
   * @param bantime of the jail
   * @param count bans that are remembered, 1 or more
   * @param factor a whole one counts as Python's int
   * @return seconds; may be negative, infinite or no number
   * @throws ArithmeticException where Python would raise an error, or a number is too large
   */
  public double seconds(Duration bantime, int count, double factor) {
    FormulaTerm.Ban ban =
        new FormulaTerm.Ban(
            number(BigDecimal.valueOf(bantime.toMillis(), 3)),
            BigInteger.valueOf(count),
            number(new BigDecimal(factor)));
    return term.value(ban).doubleValue();
  }

  private static Number number(BigDecimal value) {
    BigDecimal plain = value.stripTrailingZeros();
    return plain.scale() <= 0 ? plain.toBigIntegerExact() : (Number) value.doubleValue();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BanFormula formula && formula.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /** As it was written. */
  @Override
  public String toString() {
    return text;
  }
}
