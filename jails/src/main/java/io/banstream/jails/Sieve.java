package io.banstream.jails;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells by its bytes which expressions can match in a line, before it is decoded: most lines of a
 * log are of no filter's concern.
 *
 * <p>Of the conditions that an expression sets ({@link RequiredWords}) one is looked for in every
 * line, and the next two are asked of the lines found. Which are the rarest is seen in the log
 * itself, and looked at anew each time that it has doubled. What is found does not hang on it, but
 * how fast.
 */
final class Sieve {
  /** Bytes that show how often a word comes; fewer do not tell. */
  private static final int SAMPLE = 1 << 14;

  /** Conditions asked of a line beyond the one that was found. */
  private static final int FURTHER = 2;

  private List<Expression> expressions;
  private WordAutomaton automaton;

  /** By the automaton's words: the expressions that look for them. */
  private int[][] lookedForBy = {};

  private List<Word> words = List.of();
  private long gone;
  private long nextSample;

  /**
   * One that can only match where words are.
   *
   * @param filter the filter's number
   * @param regex its own in the filter
   * @param conditions the first is looked for
   */
  record Expression(int filter, int regex, List<Set<Word>> conditions) {
    Expression by(Comparator<Set<Word>> order) {
      return new Expression(filter, regex, conditions.stream().sorted(order).toList());
    }

    /** Whether the line meets the conditions next to the one that was looked for. */
    boolean isPossible(byte[] buf, int from, int to) {
      for (int i = 1; i <= FURTHER && i < conditions.size(); i++) {
        if (!isMet(conditions.get(i), buf, from, to)) {
          return false;
        }
      }
      return true;
    }

    private static boolean isMet(Set<Word> condition, byte[] buf, int from, int to) {
      for (Word word : condition) {
        if (word.isIn(buf, from, to)) {
          return true;
        }
      }
      return false;
    }
  }

  /**
   * @param expressions with one condition each or more
   */
  Sieve(List<Expression> expressions) {
    this.expressions = expressions;
    choose(Map.of());
  }

  /**
   * @param seen how often each word was
   */
  private void choose(Map<Word, Integer> seen) {
    Comparator<Set<Word>> rarest =
        Comparator.comparingInt(c -> c.stream().mapToInt(w -> seen.getOrDefault(w, 0)).sum());
    expressions =
        expressions.stream().map(e -> e.by(rarest.thenComparing(RequiredWords.BEST))).toList();
    Map<Word, List<Integer>> by = new LinkedHashMap<>();
    for (int i = 0; i < expressions.size(); i++) {
      for (Word word : expressions.get(i).conditions.get(0)) {
        by.computeIfAbsent(word, w -> new ArrayList<>()).add(i);
      }
    }
    List<Word> chosen = List.copyOf(by.keySet());
    lookedForBy =
        by.values().stream()
            .map(list -> list.stream().mapToInt(i -> i).toArray())
            .toArray(int[][]::new);
    if (automaton == null || !chosen.equals(words)) {
      words = chosen;
      automaton = WordAutomaton.of(chosen);
    }
  }

  /**
   * Marks the lines to look at.
   *
   * @return a bit for each byte from {@code from} on, set in such a line somewhere
   */
  long[] mark(byte[] buf, int from, int to) {
    if (gone >= nextSample && to - from >= SAMPLE) {
      choose(count(buf, from, to));
      nextSample = 2 * (gone + to - from);
    }
    gone += to - from;
    long[] marks = new long[(to - from) / Long.SIZE + 1];
    automaton.mark(buf, from, to, marks);
    return marks;
  }

  private Map<Word, Integer> count(byte[] buf, int from, int to) {
    List<Word> all =
        expressions.stream()
            .flatMap(e -> e.conditions.stream())
            .flatMap(Set::stream)
            .distinct()
            .toList();
    int[] times = new int[all.size()];
    WordAutomaton.of(all).find(buf, from, to, i -> times[i]++);
    Map<Word, Integer> seen = new HashMap<>();
    for (int i = 0; i < times.length; i++) {
      seen.put(all.get(i), times[i]);
    }
    return seen;
  }

  /**
   * @param possible by filter: gets the expressions that can match in {@code buf[from, to)}, a line
   * @return whether there are any
   */
  boolean possible(byte[] buf, int from, int to, List<BitSet> possible) {
    BitSet found = new BitSet();
    automaton.find(
        buf,
        from,
        to,
        word -> {
          for (int expression : lookedForBy[word]) {
            found.set(expression);
          }
        });
    boolean any = false;
    for (int i = found.nextSetBit(0); i >= 0; i = found.nextSetBit(i + 1)) {
      Expression expression = expressions.get(i);
      if (expression.isPossible(buf, from, to)) {
        possible.get(expression.filter).set(expression.regex);
        any = true;
      }
    }
    return any;
  }
}
