package io.banstream.jails;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The words that every match of a regular expression holds: conditions, each met by one word of a
 * set or more. A line that does not meet all need not be tried.
 *
 * <p>Letters, digits and underscores, since the date is taken out of a line before the expression
 * is tried: these are not on both sides of it, so no word comes about by its going. Where none is
 * before it at all, blanks and marks may follow in a word: it can't begin before the date ({@link
 * DatePattern.Cut}).
 *
 * <p>What is optional, looked around for, or a set of characters requires nothing. Of alternatives,
 * each gives one of its conditions to the set that stands for them together.
 */
final class RequiredWords {
  private static final int SHORTEST = 2;

  /** Blanks and marks that stand for themselves in an expression. */
  private static final String PLAIN_MARKS = " !\"#%&',-/:;<=>@`~";

  /** Those that do behind a backslash. */
  private static final String MARKS = PLAIN_MARKS + "$()*+.?[]^{|}";

  /** Conditions kept of alternatives, and words in one. */
  private static final int MOST = 24;

  /** Letters that others than ASCII's are taken for where case is none: of İ, ı, the Kelvin, ſ. */
  private static final String FOLDED_FROM_AFAR = "iIkKsS";

  /** The better first: no short words, few words. */
  static final Comparator<Set<Word>> BEST =
      Comparator.comparingInt((Set<Word> c) -> -shortest(c)).thenComparingInt(Set::size);

  private final String regex;
  private final boolean phrases;
  private int at;
  private boolean anyCase;

  private RequiredWords(String regex, boolean phrases) {
    this.regex = regex;
    this.phrases = phrases;
  }

  /**
   * @param java an expression that compiles, as {@link PythonSyntax} writes it
   * @param phrases whether words may have blanks and marks in them, if not at their beginning
   * @return what must hold together; empty where nothing is known
   */
  static List<Set<Word>> of(String java, boolean phrases) {
    boolean verbose = java.matches("(?s).*\\(\\?[a-z-]*x.*");
    return verbose ? List.of() : new RequiredWords(java, phrases).alternatives();
  }

  private static int shortest(Set<Word> condition) {
    return condition.stream().mapToInt(Word::length).min().orElse(0);
  }

  /** Up to the group's or the expression's end. A flag set in it ends there too. */
  private List<Set<Word>> alternatives() {
    boolean before = anyCase;
    List<Set<Word>> all = sequence();
    while (at < regex.length() && regex.charAt(at) == '|') {
      at++;
      all = either(all, sequence());
    }
    anyCase = before;
    return all;
  }

  private static List<Set<Word>> either(List<Set<Word>> one, List<Set<Word>> other) {
    Set<Set<Word>> both = new HashSet<>();
    for (Set<Word> a : one) {
      for (Set<Word> b : other) {
        Set<Word> words = new HashSet<>(a);
        words.addAll(b);
        if (words.size() <= MOST) {
          both.add(words);
        }
      }
    }
    return both.stream().sorted(BEST.thenComparing(Set::toString)).limit(MOST).toList();
  }

  private List<Set<Word>> sequence() {
    List<Set<Word>> found = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    while (at < regex.length() && regex.charAt(at) != '|' && regex.charAt(at) != ')') {
      int mark = markLength();
      if (isLetter(regex.charAt(at)) || mark > 0 && word.length() > 0) {
        char c = regex.charAt(at + Math.max(0, mark - 1));
        at += Math.max(1, mark);
        Times times = times();
        if (times != Times.MAYBE) {
          word.append(c);
        }
        if (times != Times.ONCE) {
          end(word, found);
        }
      } else {
        end(word, found);
        List<Set<Word>> inner = element(regex.charAt(at));
        if (times() != Times.MAYBE) {
          found.addAll(inner);
        }
      }
    }
    end(word, found);
    return found;
  }

  private boolean isLetter(char c) {
    return Word.isPart(c) && !(anyCase && FOLDED_FROM_AFAR.indexOf(c) >= 0);
  }

  /** How much of the expression stands for a blank or a mark that may be in a word; 0: nothing. */
  private int markLength() {
    char c = regex.charAt(at);
    char next = at + 1 < regex.length() ? regex.charAt(at + 1) : 0;
    if (!phrases) {
      return 0;
    }
    return c == '\\' && MARKS.indexOf(next) >= 0 ? 2 : PLAIN_MARKS.indexOf(c) >= 0 ? 1 : 0;
  }

  private void end(StringBuilder word, List<Set<Word>> found) {
    if (word.length() >= SHORTEST) {
      found.add(Set.of(new Word(word.toString(), anyCase)));
    }
    word.setLength(0);
  }

  private enum Times {
    ONCE,
    ONCE_OR_MORE,
    MAYBE
  }

  /** How often what was before must be there, by the quantifier that follows, if one does. */
  private Times times() {
    Times times = Times.ONCE;
    while (at < regex.length() && "*+?{".indexOf(regex.charAt(at)) >= 0) {
      boolean first = times == Times.ONCE;
      boolean maybe = "*?".indexOf(regex.charAt(at)) >= 0 || regex.startsWith("{0", at);
      times = first && maybe ? Times.MAYBE : first ? Times.ONCE_OR_MORE : times;
      at = regex.charAt(at) == '{' ? regex.indexOf('}', at) + 1 : at + 1;
    }
    return times;
  }

  /** Past an escape, a set, a group or one character; what is required in it. */
  private List<Set<Word>> element(char c) {
    switch (c) {
      case '\\' -> skipEscape();
      case '[' -> skipSet();
      case '(' -> {
        return group();
      }
      default -> at++;
    }
    return List.of();
  }

  private void skipEscape() {
    char c = regex.charAt(at + 1);
    if (c == 'x') {
      at = regex.charAt(at + 2) == '{' ? regex.indexOf('}', at) + 1 : at + 4;
    } else {
      at += 2;
      while (c >= '0' && c <= '9' && at < regex.length() && Character.isDigit(regex.charAt(at))) {
        at++;
      }
    }
  }

  private void skipSet() {
    at++;
    while (regex.charAt(at) != ']') {
      at += regex.charAt(at) == '\\' ? 2 : 1;
    }
    at++;
  }

  private List<Set<Word>> group() {
    boolean before = anyCase;
    boolean required = true;
    at++;
    if (regex.charAt(at) == '?') {
      int head = at;
      at++;
      while ("imsx-".indexOf(regex.charAt(at)) >= 0) {
        at++;
      }
      if (at > head + 1) {
        flags(regex.substring(head + 1, at));
      } else if (regex.charAt(at) != ':' && regex.charAt(at) != '>') {
        required = false;
        at += regex.charAt(at) == '<' ? 1 : 0;
      }
      at++;
      if (regex.charAt(at - 1) == ')') {
        return List.of(); // flags, for what follows
      }
    }
    List<Set<Word>> inner = alternatives();
    anyCase = before;
    at++;
    return required ? inner : List.of();
  }

  private void flags(String flags) {
    int off = flags.indexOf('-');
    int i = flags.indexOf('i');
    if (i >= 0) {
      anyCase = off < 0 || i < off;
    }
  }
}
