package io.banstream.jails;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Python's arithmetic (The Python Language Reference, 6; Built-in Types, Numeric Types): int is
 * {@link BigInteger}, float is {@link Double}, True and False are 1 and 0. What Python raises is an
 * ArithmeticException.
 */
final class PythonNumbers {
  /** Above it an int is refused: one ban's formula must not take a task's time or memory. */
  static final int MOST_BITS = 4_096;

  private static final BigInteger MOST_SHIFT = BigInteger.valueOf(MOST_BITS);
  private static final int QUOTIENT_DIGITS = 60;

  private PythonNumbers() {}

  static Number truth(boolean holds) {
    return holds ? BigInteger.ONE : BigInteger.ZERO;
  }

  static boolean isTrue(Number n) {
    return isWhole(n) ? ((BigInteger) n).signum() != 0 : n.doubleValue() != 0;
  }

  static boolean isWhole(Number n) {
    return n instanceof BigInteger;
  }

  private static boolean areWhole(Number a, Number b) {
    return isWhole(a) && isWhole(b);
  }

  static BigInteger bounded(BigInteger n) {
    if (n.bitLength() > MOST_BITS) {
      throw new ArithmeticException("a whole number of more than " + MOST_BITS + " bits");
    }
    return n;
  }

  static BigInteger whole(Number n, String wanting) {
    if (n instanceof BigInteger whole) {
      return whole;
    }
    throw new ArithmeticException(wanting + " wants whole numbers");
  }

  static double real(Number n) {
    double value = n.doubleValue();
    if (isWhole(n) && Double.isInfinite(value)) {
      throw new ArithmeticException("a whole number too large for a float");
    }
    return value;
  }

  static Number add(Number a, Number b) {
    return areWhole(a, b)
        ? bounded(((BigInteger) a).add((BigInteger) b))
        : (Number) (real(a) + real(b));
  }

  static Number subtract(Number a, Number b) {
    return areWhole(a, b)
        ? bounded(((BigInteger) a).subtract((BigInteger) b))
        : (Number) (real(a) - real(b));
  }

  static Number multiply(Number a, Number b) {
    return areWhole(a, b)
        ? bounded(((BigInteger) a).multiply((BigInteger) b))
        : (Number) (real(a) * real(b));
  }

  private static void requireDivisor(Number divisor) {
    if (!isTrue(divisor)) {
      throw new ArithmeticException("division by zero");
    }
  }

  /**
   * Of two ints the nearest double to their quotient, also where one of them is too large for a
   * double.
   */
  static Number divide(Number a, Number b) {
    requireDivisor(b);
    if (!areWhole(a, b)) {
      return real(a) / real(b);
    }
    BigDecimal dividend = new BigDecimal((BigInteger) a);
    BigDecimal divisor = new BigDecimal((BigInteger) b);
    BigDecimal quotient =
        dividend.divide(divisor, new MathContext(QUOTIENT_DIGITS, RoundingMode.DOWN));
    if (quotient.multiply(divisor).compareTo(dividend) != 0) {
      // A last digit for all that follow, so that nothing in between looks like a half.
      BigDecimal rest = quotient.ulp().movePointLeft(1);
      quotient = quotient.add(dividend.signum() == divisor.signum() ? rest : rest.negate());
    }
    double value = quotient.doubleValue();
    if (Double.isInfinite(value)) {
      throw new ArithmeticException("a quotient too large for a float");
    }
    return value;
  }

  static Number floorDivide(Number a, Number b) {
    requireDivisor(b);
    if (areWhole(a, b)) {
      BigInteger[] parts = ((BigInteger) a).divideAndRemainder((BigInteger) b);
      boolean below = parts[1].signum() * ((BigInteger) b).signum() < 0;
      return below ? parts[0].subtract(BigInteger.ONE) : parts[0];
    }
    double dividend = real(a);
    double divisor = real(b);
    double rest = dividend % divisor;
    double quotient = (dividend - rest) / divisor;
    if (rest != 0 && rest < 0 != divisor < 0) {
      quotient--;
    }
    if (quotient == 0) {
      return Math.copySign(0.0, dividend / divisor);
    }
    double floor = Math.floor(quotient); // nearly whole already, up to its rounding
    return quotient - floor > 0.5 ? floor + 1 : floor;
  }

  /** Has the divisor's sign. */
  static Number modulo(Number a, Number b) {
    requireDivisor(b);
    if (areWhole(a, b)) {
      BigInteger rest = ((BigInteger) a).remainder((BigInteger) b);
      boolean other = rest.signum() * ((BigInteger) b).signum() < 0;
      return other ? rest.add((BigInteger) b) : rest;
    }
    double divisor = real(b);
    double rest = real(a) % divisor;
    if (rest == 0) {
      return Math.copySign(0.0, divisor);
    }
    return rest < 0 == divisor < 0 ? rest : rest + divisor;
  }

  static Number power(Number base, Number exponent) {
    if (areWhole(base, exponent) && ((BigInteger) exponent).signum() >= 0) {
      return wholePower((BigInteger) base, (BigInteger) exponent);
    }
    double b = real(base);
    double e = real(exponent);
    if (b == 0 && e < 0) {
      throw new ArithmeticException("zero to a negative power");
    }
    if (b == 1 || e == 0) {
      return 1.0; // as C's pow, also where the other is no number or infinite
    }
    if (b == -1 && Double.isInfinite(e)) {
      return 1.0;
    }
    double value = StrictMath.pow(b, e);
    if (Double.isNaN(value) && !Double.isNaN(b) && !Double.isNaN(e)) {
      throw new ArithmeticException("a negative number to a fractional power");
    }
    if (Double.isInfinite(value) && !Double.isInfinite(b) && !Double.isInfinite(e)) {
      throw new ArithmeticException("a power too large for a float");
    }
    return value;
  }

  private static BigInteger wholePower(BigInteger base, BigInteger exponent) {
    if (base.bitLength() <= 1 && base.abs().compareTo(BigInteger.ONE) <= 0) {
      boolean odd = exponent.testBit(0);
      return exponent.signum() == 0 ? BigInteger.ONE : odd ? base : base.abs();
    }
    BigInteger least = BigInteger.valueOf(base.abs().bitLength() - 1L).multiply(exponent);
    if (least.compareTo(MOST_SHIFT) > 0) {
      throw new ArithmeticException("a whole number of more than " + MOST_BITS + " bits");
    }
    return bounded(base.pow(exponent.intValueExact()));
  }

  static Number shiftLeft(Number a, Number b) {
    BigInteger shifted = whole(a, "<<");
    BigInteger by = shift(b, "<<");
    if (shifted.signum() == 0) {
      return shifted;
    }
    if (by.compareTo(MOST_SHIFT) > 0) {
      throw new ArithmeticException("a whole number of more than " + MOST_BITS + " bits");
    }
    return bounded(shifted.shiftLeft(by.intValueExact()));
  }

  static Number shiftRight(Number a, Number b) {
    BigInteger shifted = whole(a, ">>");
    return shifted.shiftRight(shift(b, ">>").min(MOST_SHIFT).intValueExact());
  }

  private static BigInteger shift(Number by, String sign) {
    BigInteger bits = whole(by, sign);
    if (bits.signum() < 0) {
      throw new ArithmeticException(sign + " by less than 0");
    }
    return bits;
  }

  static Number or(Number a, Number b) {
    return whole(a, "|").or(whole(b, "|"));
  }

  static Number xor(Number a, Number b) {
    return whole(a, "^").xor(whole(b, "^"));
  }

  static Number and(Number a, Number b) {
    return whole(a, "&").and(whole(b, "&"));
  }

  static Number negate(Number n) {
    return isWhole(n) ? ((BigInteger) n).negate() : (Number) (-n.doubleValue());
  }

  static Number invert(Number n) {
    return whole(n, "~").not();
  }

  /**
   * @param sign one of Python's comparisons
   */
  static boolean compares(Number a, String sign, Number b) {
    if (isNaN(a) || isNaN(b)) {
      return sign.equals("!=");
    }
    int order = order(a, b);
    return switch (sign) {
      case "<" -> order < 0;
      case "<=" -> order <= 0;
      case ">" -> order > 0;
      case ">=" -> order >= 0;
      case "==" -> order == 0;
      case "!=" -> order != 0;
      default -> throw new IllegalStateException(sign);
    };
  }

  private static boolean isNaN(Number n) {
    return n instanceof Double d && d.isNaN();
  }

  /** By their exact values; 0.0 and -0.0 are the same. */
  private static int order(Number a, Number b) {
    if (isInfinite(a) || isInfinite(b)) {
      return Double.compare(infinity(a), infinity(b));
    }
    return exact(a).compareTo(exact(b));
  }

  private static boolean isInfinite(Number n) {
    return n instanceof Double d && d.isInfinite();
  }

  private static double infinity(Number n) {
    return isInfinite(n) ? n.doubleValue() : 0;
  }

  static BigDecimal exact(Number n) {
    return n instanceof BigInteger whole ? new BigDecimal(whole) : new BigDecimal(n.doubleValue());
  }
}
