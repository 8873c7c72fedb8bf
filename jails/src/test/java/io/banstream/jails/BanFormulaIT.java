package io.banstream.jails;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Formulas beside {@code python3}, which reckons them as fail2ban does. More of them: {@code
 * -Dbanstream.formulas=100000}. A whole number of more than 4096 bits is the one difference.
 */
class BanFormulaIT {
  private static final int FORMULAS = Integer.getInteger("banstream.formulas", 2_000);
  private static final long SEED = Long.getLong("banstream.seed", 1);

  /** C's functions may differ from StrictMath's in their last bits. */
  private static final double NEARLY = 1e-14;

  private static final String PYTHON =
      """
      import math, sys
      class Ban: pass
      for line in sys.stdin:
          ban = Ban()
          time, count, factor, formula = line.rstrip('\\n').split('\\t')
          ban.Time, ban.Count, banFactor = eval(time), int(count), eval(factor)
          try:
              value = eval(formula)
              value = float('inf') if isinstance(value, int) and value >= 2**1024 else value
              value = float('-inf') if isinstance(value, int) and value <= -2**1024 else value
              print('error' if isinstance(value, complex) else repr(float(value)))
          except SyntaxError:
              print('syntax')
          except (ArithmeticError, ValueError, TypeError):
              print('error')
      """;

  @TempDir Path dir;

  @BeforeEach
  void needsPython() throws Exception {
    boolean there;
    try {
      there = new ProcessBuilder("python3", "-V").start().waitFor() == 0;
    } catch (IOException e) {
      there = false;
    }
    assumeTrue(there, "python3 is not installed");
  }

  /** A formula, and the ban that it is reckoned for. */
  private record Case(String time, int count, String factor, String formula) {
    String ours() {
      Duration bantime = Duration.ofMillis(Math.round(Double.parseDouble(time) * 1_000));
      try {
        double seconds =
            BanFormula.parse(formula).seconds(bantime, count, Double.parseDouble(factor));
        return pythons(seconds);
      } catch (ArithmeticException e) {
        return e.getMessage().contains("bits") ? "large" : "error";
      } catch (IllegalArgumentException e) {
        return "syntax";
      }
    }

    private static String pythons(double value) {
      return Double.toString(value).replace("NaN", "nan").replace("Infinity", "inf");
    }
  }

  @Test
  void exactOnesComeToTheSameValue() throws Exception {
    RandomFormula random = new RandomFormula(new Random(SEED));
    List<Case> cases = new ArrayList<>();
    for (int i = 0; i < FORMULAS; i++) {
      cases.add(random.next());
    }
    List<String> theirs = python(cases);
    int values = 0;
    int large = 0;
    List<String> differ = new ArrayList<>();
    for (int i = 0; i < cases.size(); i++) {
      String ours = cases.get(i).ours();
      large += ours.equals("large") ? 1 : 0;
      values += theirs.get(i).matches("error|syntax") ? 0 : 1;
      if (!ours.equals("large") && !same(ours, theirs.get(i), 0)) {
        differ.add(cases.get(i) + ": " + ours + ", python: " + theirs.get(i));
      }
    }
    assertThat(differ).isEmpty();
    assertThat(values).as("formulas with a value").isGreaterThan(FORMULAS / 2);
    assertThat(large).as("too large for us").isLessThan(FORMULAS / 50);
  }

  @Test
  void functionsComeToNearlyTheSame() throws Exception {
    Random random = new Random(SEED);
    List<Case> cases = new ArrayList<>();
    for (String function :
        List.of(
            "fabs sqrt exp expm1 log log1p log2 log10 sin cos tan asin acos atan sinh cosh tanh"
                .split(" "))) {
      for (int i = 0; i < 40; i++) {
        double x = random.nextGaussian() * Math.pow(10, random.nextInt(5) - 2);
        cases.add(new Case("600", 3, "1", "math." + function + "(" + x + ")"));
      }
    }
    for (String function : List.of("math.pow", "math.fmod", "math.atan2", "math.hypot", "pow")) {
      for (int i = 0; i < 100; i++) {
        double x = random.nextGaussian() * Math.pow(10, random.nextInt(5) - 2);
        String y = random.nextBoolean() ? "" + random.nextInt(9) : "" + random.nextGaussian();
        cases.add(new Case("600", 3, "1", function + "(" + x + ", " + y + ")"));
      }
    }
    List<String> theirs = python(cases);
    List<String> differ = new ArrayList<>();
    for (int i = 0; i < cases.size(); i++) {
      if (!same(cases.get(i).ours(), theirs.get(i), NEARLY)) {
        differ.add(cases.get(i) + ": " + cases.get(i).ours() + ", python: " + theirs.get(i));
      }
    }
    assertThat(differ).isEmpty();
  }

  private static boolean same(String ours, String theirs, double apart) {
    if (ours.equals(theirs)) {
      return true;
    }
    if ((ours + theirs).matches(".*(error|syntax).*")) {
      return false;
    }
    double a = number(ours);
    double b = number(theirs);
    return a == b || Math.abs(a - b) <= apart * Math.max(1, Math.abs(b));
  }

  private static double number(String python) {
    return Double.parseDouble(python.replace("nan", "NaN").replace("inf", "Infinity"));
  }

  private List<String> python(List<Case> cases) throws Exception {
    Path script = Files.writeString(dir.resolve("oracle.py"), PYTHON);
    Path in = dir.resolve("in");
    Path out = dir.resolve("out");
    Files.write(
        in,
        cases.stream()
            .map(c -> String.join("\t", c.time(), "" + c.count(), c.factor(), c.formula()))
            .toList(),
        StandardCharsets.US_ASCII);
    int status =
        new ProcessBuilder("python3", "-W", "ignore", script.toString())
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start()
            .waitFor();
    assertThat(status).isZero();
    List<String> lines = Files.readAllLines(out);
    assertThat(lines).hasSameSizeAs(cases);
    return lines;
  }

  /** Expressions whose value is exact, so that the last bit must be the same. */
  private static final class RandomFormula {
    private final Random random;

    RandomFormula(Random random) {
      this.random = random;
    }

    Case next() {
      String time = pick("1", "600", "3600", "86400", "0.5", "1.25");
      return new Case(time, 1 + random.nextInt(60), pick("1", "2", "0.5", "1.7"), any(4));
    }

    private String any(int depth) {
      if (depth <= 0) {
        return random.nextBoolean() ? whole(0) : real(0);
      }
      return switch (random.nextInt(6)) {
        case 0 -> real(depth);
        case 1 -> any(depth - 1) + pick(" + ", "-", "*", " / ", "//", "%") + any(depth - 1);
        case 2 -> any(depth - 1) + " if " + condition(depth - 1) + " else " + any(depth - 1);
        case 3 -> "(" + any(depth - 1) + ")" + pick(" and ", " or ") + any(depth - 1);
        case 4 -> pick("min", "max") + "(" + any(depth - 1) + ", " + any(depth - 1) + ")";
        default -> whole(depth);
      };
    }

    private String whole(int depth) {
      if (depth <= 0) {
        return pick(
            "ban.Count", "ban.Count", "ban.Time", "" + random.nextInt(100), "1_000", "True");
      }
      return switch (random.nextInt(12)) {
        case 0, 1, 2 -> "(" + whole(depth - 1) + sign() + whole(depth - 1) + ")";
        case 3 -> whole(depth - 1) + sign() + whole(depth - 1);
        case 4 -> pick("-", "+", "~", "- -") + whole(depth - 1);
        case 5 -> "(" + whole(depth - 1) + ")**" + random.nextInt(5);
        case 6 ->
            "((" + whole(depth - 1) + ")" + pick("<<", " >> ") + pick("1", "7", "ban.Count") + ")";
        case 7 ->
            pick("int", "round", "math.floor", "math.ceil", "math.trunc")
                + "("
                + real(depth - 1)
                + ")";
        case 8 -> "round(" + whole(depth - 1) + ", " + (random.nextInt(6) - 4) + ")";
        case 9 -> "(" + condition(depth - 1) + ")";
        case 10 -> "abs(" + whole(depth - 1) + ")";
        default -> "(not " + condition(depth - 1) + ")";
      };
    }

    private String sign() {
      return pick("+", " - ", "*", " // ", " % ", "&", " | ", "^", "*");
    }

    private String real(int depth) {
      if (depth <= 0) {
        return pick("banFactor", "ban.Time", "1.5", ".25", "1e3", "2.", "" + random.nextFloat());
      }
      return switch (random.nextInt(7)) {
        case 0, 1 ->
            "(" + any(depth - 1) + pick("+", "-", "*", "/", "//", "%") + real(depth - 1) + ")";
        case 2 -> whole(depth - 1) + " / " + whole(depth - 1);
        case 3 -> pick("float", "math.fabs", "math.sqrt", "abs") + "(" + any(depth - 1) + ")";
        case 4 -> "-" + real(depth - 1);
        case 5 -> "round(" + real(depth - 1) + ", " + (random.nextInt(5) - 1) + ")";
        default ->
            "(" + any(depth - 1) + " if " + condition(depth - 1) + " else " + real(depth - 1) + ")";
      };
    }

    private String condition(int depth) {
      String other = random.nextInt(4) == 0 ? comparison() + any(depth - 1) : "";
      return "(" + any(depth - 1) + ")" + comparison() + any(depth - 1) + other;
    }

    private String comparison() {
      return pick(" < ", "<=", " > ", ">=", "==", " != ");
    }

    private String pick(String... choices) {
      return choices[random.nextInt(choices.length)];
    }
  }
}
