package io.banstream.jails;

import io.banstream.jails.FormulaFunctions.Callee;
import io.banstream.jails.FormulaTokens.Kind;
import io.banstream.jails.FormulaTokens.Token;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BinaryOperator;

/**
 * Reads a formula by the grammar of Python's expressions (The Python Language Reference, 6), as far
 * as it is of numbers.
 */
final class FormulaParser {
  /** How deep parentheses and signs may be nested: reading and reckoning take stack. */
  private static final int DEEPEST = 50;

  /** From the one that binds least. */
  private static final List<Set<String>> BINARY =
      List.of(
          Set.of("|"),
          Set.of("^"),
          Set.of("&"),
          Set.of("<<", ">>"),
          Set.of("+", "-"),
          Set.of("*", "/", "//", "%"));

  private static final Map<String, BinaryOperator<Number>> OPERATORS =
      Map.ofEntries(
          Map.entry("|", PythonNumbers::or),
          Map.entry("^", PythonNumbers::xor),
          Map.entry("&", PythonNumbers::and),
          Map.entry("<<", PythonNumbers::shiftLeft),
          Map.entry(">>", PythonNumbers::shiftRight),
          Map.entry("+", PythonNumbers::add),
          Map.entry("-", PythonNumbers::subtract),
          Map.entry("*", PythonNumbers::multiply),
          Map.entry("/", PythonNumbers::divide),
          Map.entry("//", PythonNumbers::floorDivide),
          Map.entry("%", PythonNumbers::modulo));

  private static final Set<String> COMPARISONS = Set.of("<", "<=", ">", ">=", "==", "!=");

  /** Python's own words, which are no names. */
  private static final Set<String> WORDS = Set.of("if", "else", "and", "or", "not");

  /** What a formula may name of a ban. */
  enum Names {
    NONE(Map.of()),
    OF_A_BAN(
        Map.of(
            "ban.Time", FormulaTerm.Ban::time,
            "ban.Count", FormulaTerm.Ban::count,
            "banFactor", FormulaTerm.Ban::factor));

    private final Map<String, FormulaTerm> terms;

    Names(Map<String, FormulaTerm> terms) {
      this.terms = terms;
    }
  }

  private final FormulaTokens tokens;
  private final Names names;
  private int depth;

  FormulaParser(String text, Names names) {
    this.tokens = new FormulaTokens(text);
    this.names = names;
  }

  /**
   * @throws IllegalArgumentException if it is no formula; the message names the place
   */
  FormulaTerm parse() {
    FormulaTerm whole = conditional();
    if (tokens.peek().kind() != Kind.END) {
      throw new IllegalArgumentException(
          tokens.peek().named() + ": expected an operator or the end");
    }
    return whole;
  }

  private FormulaTerm conditional() {
    enter();
    FormulaTerm then = disjunction();
    if (tokens.take("if")) {
      FormulaTerm condition = disjunction();
      tokens.expect("else");
      FormulaTerm otherwise = conditional();
      FormulaTerm chosen = then;
      then = b -> (PythonNumbers.isTrue(condition.value(b)) ? chosen : otherwise).value(b);
    }
    depth--;
    return then;
  }

  private void enter() {
    if (++depth > DEEPEST) {
      throw new IllegalArgumentException(
          tokens.peek().named() + " is nested deeper than " + DEEPEST);
    }
  }

  private FormulaTerm disjunction() {
    FormulaTerm left = conjunction();
    while (tokens.take("or")) {
      FormulaTerm first = left;
      FormulaTerm second = conjunction();
      left =
          b -> {
            Number value = first.value(b);
            return PythonNumbers.isTrue(value) ? value : second.value(b);
          };
    }
    return left;
  }

  private FormulaTerm conjunction() {
    FormulaTerm left = negation();
    while (tokens.take("and")) {
      FormulaTerm first = left;
      FormulaTerm second = negation();
      left =
          b -> {
            Number value = first.value(b);
            return PythonNumbers.isTrue(value) ? second.value(b) : value;
          };
    }
    return left;
  }

  private FormulaTerm negation() {
    if (!tokens.take("not")) {
      return comparison();
    }
    enter();
    FormulaTerm negated = negation();
    depth--;
    return b -> PythonNumbers.truth(!PythonNumbers.isTrue(negated.value(b)));
  }

  /** {@code a < b < c} is {@code a < b and b < c}, with b reckoned once. */
  private FormulaTerm comparison() {
    FormulaTerm first = binary(0);
    List<String> signs = new ArrayList<>();
    List<FormulaTerm> others = new ArrayList<>();
    while (tokens.peek().isOneOf(COMPARISONS)) {
      signs.add(tokens.take().text());
      others.add(binary(0));
    }
    return signs.isEmpty() ? first : b -> compared(b, first, signs, others);
  }

  private static Number compared(
      FormulaTerm.Ban ban, FormulaTerm first, List<String> signs, List<FormulaTerm> others) {
    Number left = first.value(ban);
    for (int i = 0; i < signs.size(); i++) {
      Number right = others.get(i).value(ban);
      if (!PythonNumbers.compares(left, signs.get(i), right)) {
        return PythonNumbers.truth(false);
      }
      left = right;
    }
    return PythonNumbers.truth(true);
  }

  private FormulaTerm binary(int level) {
    if (level == BINARY.size()) {
      return unary();
    }
    FormulaTerm left = binary(level + 1);
    while (tokens.peek().isOneOf(BINARY.get(level))) {
      BinaryOperator<Number> operator = OPERATORS.get(tokens.take().text());
      FormulaTerm first = left;
      FormulaTerm second = binary(level + 1);
      left = b -> operator.apply(first.value(b), second.value(b));
    }
    return left;
  }

  private FormulaTerm unary() {
    if (!tokens.peek().isOneOf(Set.of("+", "-", "~"))) {
      return power();
    }
    enter();
    String sign = tokens.take().text();
    FormulaTerm operand = unary();
    depth--;
    return switch (sign) {
      case "-" -> b -> PythonNumbers.negate(operand.value(b));
      case "~" -> b -> PythonNumbers.invert(operand.value(b));
      default -> operand;
    };
  }

  /** {@code -2 ** -2} is {@code -(2 ** (-2))}. */
  private FormulaTerm power() {
    FormulaTerm base = primary();
    if (!tokens.take("**")) {
      return base;
    }
    enter();
    FormulaTerm exponent = unary();
    depth--;
    return b -> PythonNumbers.power(base.value(b), exponent.value(b));
  }

  private FormulaTerm primary() {
    Token token = tokens.take();
    switch (token.kind()) {
      case FLOAT -> {
        Number value = Double.valueOf(token.text());
        return b -> value;
      }
      case WHOLE -> {
        Number value = PythonNumbers.bounded(new BigInteger(token.text()));
        return b -> value;
      }
      case NAME -> {
        if (!WORDS.contains(token.text())) {
          return tokens.peek().is("(") ? call(token) : named(token);
        }
      }
      case SIGN -> {
        if (token.is("(")) {
          FormulaTerm inner = conditional();
          tokens.expect(")");
          return inner;
        }
      }
      case END -> {}
    }
    throw new IllegalArgumentException(token.named() + ": expected a number, a name or (");
  }

  private FormulaTerm named(Token name) {
    FormulaTerm term = names.terms.get(name.text());
    Number constant = FormulaFunctions.constant(name.text());
    if (term == null && constant == null) {
      throw FormulaFunctions.unknown(name, names.terms.keySet());
    }
    return term != null ? term : b -> constant;
  }

  private FormulaTerm call(Token name) {
    Callee function = FormulaFunctions.function(name, names.terms.keySet());
    tokens.expect("(");
    List<FormulaTerm> arguments = new ArrayList<>();
    while (!tokens.take(")")) {
      arguments.add(conditional());
      if (!tokens.peek().is(")")) {
        tokens.expect(",");
      }
    }
    function.requireArguments(name, arguments.size());
    return b -> function.rule().apply(arguments.stream().map(a -> a.value(b)).toList());
  }
}
