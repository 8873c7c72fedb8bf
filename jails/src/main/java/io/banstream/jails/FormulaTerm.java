package io.banstream.jails;

import java.math.BigInteger;

/** A part of a formula: what it comes to for a ban. */
interface FormulaTerm {
  /**
   * What a formula's names stand for: whole numbers as {@link BigInteger}, others as {@link
   * Double}, as all of a formula's values.
   */
  record Ban(Number time, Number count, Number factor) {}

  /**
   * @throws ArithmeticException where Python would raise an error, or a number is too large
   */
  Number value(Ban ban);
}
