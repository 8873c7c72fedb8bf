package io.banstream.jails;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells by its bytes which expressions can match in a line, before it is decoded: most lines of a
 * log are of no filter's concern.
 *
 * <p>Of the conditions that an expression sets ({@link RequiredWords}) one is looked for in every
 * line; a line that meets it is held against a few of the others. Which are the rarest, the log
 * itself shows; it is looked at anew each time that eight times as much was seen. What is found
 * does not hang on it, but how fast.
 */
final class Sieve {
  /** Bytes that show how often a word comes; fewer do not tell. */
  private static final int SAMPLE = 1 << 14;

  private final List<Expression> expressions = new ArrayList<>();
  private ChosenWords chosen;
  private long gone;
  private long nextSample;

  /**
   * One that can only match where all its conditions are met, each by one word or more.
   *
   * @param filter the filter's number
   * @param regex its own in the filter
   */
  record Expression(int filter, int regex, List<Set<Word>> conditions) {}

  /**
   * @param filters by filter and expression: its conditions, one or more; a filter without
   *     expressions is never told
   */
  Sieve(List<List<List<Set<Word>>>> filters) {
    for (int f = 0; f < filters.size(); f++) {
      for (int e = 0; e < filters.get(f).size(); e++) {
        expressions.add(new Expression(f, e, filters.get(f).get(e)));
      }
    }
    chosen = new ChosenWords(expressions, Map.of());
  }

  /**
   * Marks the lines to look at.
   *
   * @return a bit for each byte from {@code from} on, set in such a line somewhere
   */
  long[] mark(byte[] buf, int from, int to) {
    if (gone >= nextSample && to - from >= SAMPLE) {
      chosen = new ChosenWords(expressions, times(buf, from, to));
      nextSample = 8 * (gone + to - from);
    }
    gone += to - from;
    long[] marks = new long[(to - from) / Long.SIZE + 1];
    chosen.mark(buf, from, to, marks);
    return marks;
  }

  /** In how many lines each word is. */
  private Map<Word, Integer> times(byte[] buf, int from, int to) {
    List<Word> words =
        expressions.stream()
            .flatMap(e -> e.conditions.stream())
            .flatMap(Set::stream)
            .distinct()
            .toList();
    WordAutomaton automaton = WordAutomaton.of(words);
    Map<Word, Integer> times = new HashMap<>();
    for (int begin = from; begin < to; ) {
      int lf = Newlines.first(buf, begin, to);
      BitSet.valueOf(automaton.find(buf, begin, lf)).stream()
          .forEach(w -> times.merge(words.get(w), 1, Integer::sum));
      begin = lf + 1;
    }
    return times;
  }

  /**
   * Finds the expressions that can match in a line, {@code buf[from, to)}.
   *
   * @param possible by filter: gets them
   * @return whether there are any
   */
  boolean possible(byte[] buf, int from, int to, List<BitSet> possible) {
    return chosen.possible(buf, from, to, possible);
  }
}
