package io.banstream.jails;

import io.banstream.jails.FormulaTokens.Token;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;

/**
 * What a formula may call and name of Python (Built-in Functions; module math). Those of math are
 * StrictMath's: a ban must be as long on every platform.
 */
final class FormulaFunctions {
  private static final int ANY = Integer.MAX_VALUE;
  private static final int MOST_DIGITS = 400;
  private static final Map<String, Number> CONSTANTS =
      Map.of(
          "True", BigInteger.ONE,
          "False", BigInteger.ZERO,
          "math.pi", Math.PI,
          "math.tau", 2 * Math.PI,
          "math.e", Math.E,
          "math.inf", Double.POSITIVE_INFINITY,
          "math.nan", Double.NaN);
  private static final Map<String, Callee> FUNCTIONS = new HashMap<>();

  static {
    put("abs", 1, 1, a -> isNegative(a.get(0)) ? PythonNumbers.negate(a.get(0)) : a.get(0));
    put("int", 1, 1, a -> rounded(a.get(0), 0, RoundingMode.DOWN));
    put("float", 1, 1, a -> PythonNumbers.real(a.get(0)));
    put(
        "round",
        1,
        2,
        a -> a.size() == 1 ? rounded(a.get(0), 0, RoundingMode.HALF_EVEN) : round(a));
    put("pow", 2, 2, a -> PythonNumbers.power(a.get(0), a.get(1)));
    put("min", 2, ANY, a -> best(a, "<"));
    put("max", 2, ANY, a -> best(a, ">"));
    put("math.ceil", 1, 1, a -> rounded(a.get(0), 0, RoundingMode.CEILING));
    put("math.floor", 1, 1, a -> rounded(a.get(0), 0, RoundingMode.FLOOR));
    put("math.trunc", 1, 1, a -> rounded(a.get(0), 0, RoundingMode.DOWN));
    put("math.log", 1, 2, FormulaFunctions::log);
    real("math.fabs", Math::abs);
    real("math.sqrt", StrictMath::sqrt);
    real("math.exp", StrictMath::exp);
    real("math.expm1", StrictMath::expm1);
    real("math.log1p", StrictMath::log1p);
    real("math.log2", FormulaFunctions::log2);
    real("math.log10", StrictMath::log10);
    real("math.sin", StrictMath::sin);
    real("math.cos", StrictMath::cos);
    real("math.tan", StrictMath::tan);
    real("math.asin", StrictMath::asin);
    real("math.acos", StrictMath::acos);
    real("math.atan", StrictMath::atan);
    real("math.sinh", StrictMath::sinh);
    real("math.cosh", StrictMath::cosh);
    real("math.tanh", StrictMath::tanh);
    real("math.pow", FormulaFunctions::pow);
    real("math.fmod", (x, y) -> x % y);
    real("math.atan2", StrictMath::atan2);
    real("math.hypot", StrictMath::hypot);
    real("math.copysign", StrictMath::copySign);
  }

  private FormulaFunctions() {}

  /**
   * A function as it is called.
   *
   * @param least number of arguments
   * @param most number of arguments
   */
  record Callee(int least, int most, Function<List<Number>, Number> rule) {
    /**
     * @throws IllegalArgumentException if it takes another number of arguments
     */
    void requireArguments(Token name, int given) {
      if (given < least || given > most) {
        String expected =
            most == least ? "" + least : most == ANY ? least + " or more" : least + " to " + most;
        throw new IllegalArgumentException(
            name.named() + " has " + given + " arguments, expected " + expected);
      }
    }
  }

  /** A constant's value; null where there is none of the name. */
  static Number constant(String name) {
    return CONSTANTS.get(name);
  }

  /**
   * @param names what else the formula may name
   * @throws IllegalArgumentException if there is none of the name
   */
  static Callee function(Token name, Set<String> names) {
    Callee function = FUNCTIONS.get(name.text());
    if (function == null) {
      throw unknown(name, names);
    }
    return function;
  }

  /** What is told of a name that a formula does not know. */
  static IllegalArgumentException unknown(Token name, Set<String> names) {
    if (name.text().startsWith("random.")) {
      return new IllegalArgumentException(
          name.named()
              + " is refused: each reader of the stream must come to the same ban;"
              + " bantime.rndtime adds a random part");
    }
    List<String> known = new ArrayList<>(new TreeSet<>(names));
    known.addAll(List.of("math.*", "abs", "float", "int", "max", "min", "pow", "round"));
    return new IllegalArgumentException(
        name.named() + " is unknown, expected one of " + String.join(", ", known));
  }

  private static void put(String name, int least, int most, Function<List<Number>, Number> rule) {
    FUNCTIONS.put(name, new Callee(least, most, rule));
  }

  private static void real(String name, DoubleUnaryOperator function) {
    put(name, 1, 1, a -> checked(name, a, function.applyAsDouble(PythonNumbers.real(a.get(0)))));
  }

  private static void real(String name, DoubleBinaryOperator function) {
    put(
        name,
        2,
        2,
        a -> {
          double x = PythonNumbers.real(a.get(0));
          return checked(name, a, function.applyAsDouble(x, PythonNumbers.real(a.get(1))));
        });
  }

  /** As Python's math: no number comes of numbers, and nothing infinite of what is finite. */
  private static double checked(String name, List<Number> arguments, double value) {
    boolean noNumber = arguments.stream().anyMatch(a -> Double.isNaN(a.doubleValue()));
    boolean infinite = arguments.stream().anyMatch(a -> Double.isInfinite(a.doubleValue()));
    if (Double.isNaN(value) && !noNumber) {
      throw new ArithmeticException(name + " is not defined there");
    }
    if (Double.isInfinite(value) && !infinite) {
      throw new ArithmeticException(name + " comes to too much");
    }
    return value;
  }

  private static boolean isNegative(Number n) {
    return n instanceof BigInteger whole
        ? whole.signum() < 0
        : Math.copySign(1, n.doubleValue()) < 0;
  }

  /** The first of those that no other goes before. */
  private static Number best(List<Number> arguments, String before) {
    Number best = arguments.get(0);
    for (Number other : arguments) {
      best = PythonNumbers.compares(other, before, best) ? other : best;
    }
    return best;
  }

  private static Number rounded(Number n, int digits, RoundingMode mode) {
    if (!Double.isFinite(n.doubleValue()) && !PythonNumbers.isWhole(n)) {
      throw new ArithmeticException(n + " is no whole number");
    }
    return PythonNumbers.exact(n).setScale(digits, mode).toBigInteger();
  }

  /** To a number of digits; the kind stays. */
  private static Number round(List<Number> arguments) {
    Number n = arguments.get(0);
    BigInteger digits = PythonNumbers.whole(arguments.get(1), "round");
    int places = digits.max(BigInteger.valueOf(-9_999)).min(BigInteger.valueOf(9_999)).intValue();
    if (PythonNumbers.isWhole(n)) {
      return places >= 0 ? n : rounded(n, places, RoundingMode.HALF_EVEN);
    }
    double value = n.doubleValue();
    if (!Double.isFinite(value) || value == 0 || places > MOST_DIGITS) {
      return value;
    }
    BigDecimal near = places < -MOST_DIGITS ? BigDecimal.ZERO : new BigDecimal(value);
    double result = near.setScale(places, RoundingMode.HALF_EVEN).doubleValue();
    if (Double.isInfinite(result)) {
      throw new ArithmeticException("round comes to too much");
    }
    return Math.copySign(result, value);
  }

  private static Number log(List<Number> arguments) {
    double x = natural(arguments.get(0));
    return arguments.size() == 1 ? x : PythonNumbers.divide(x, natural(arguments.get(1)));
  }

  private static double natural(Number n) {
    return checked("math.log", List.of(n), StrictMath.log(PythonNumbers.real(n)));
  }

  /** Exact for powers of two. */
  private static double log2(double x) {
    int exponent = Math.getExponent(x);
    if (!(x >= Double.MIN_NORMAL) || Double.isInfinite(x)) {
      return StrictMath.log(x) / StrictMath.log(2);
    }
    return exponent + StrictMath.log(Math.scalb(x, -exponent)) / StrictMath.log(2);
  }

  private static double pow(double x, double y) {
    boolean one = x == 1 || y == 0 || x == -1 && Double.isInfinite(y);
    return one ? 1 : StrictMath.pow(x, y);
  }
}
