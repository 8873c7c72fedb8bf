package io.banstream.jails;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Of the conditions that expressions set, the few that lines are held against: the rarest, no word
 * in two of them, since that one would tell little more. The first one of each is looked for in
 * every line.
 */
final class ChosenWords {
  /** Conditions chosen of an expression. */
  private static final int ASKED = 4;

  private final Map<Word, Integer> numbers = new LinkedHashMap<>();
  private final WordAutomaton lookedFor;
  private final WordAutomaton asked;

  /** By word: the expressions that look for it in every line. */
  private final Expression[][] lookedForBy;

  /**
   * @param conditions each met by one word or more, by the words' numbers
   */
  private record Expression(int filter, int regex, int[][] conditions) {
    /**
     * @param words a bit for each that the line holds
     */
    boolean isPossible(long[] words) {
      for (int[] condition : conditions) {
        if (!isMet(condition, words)) {
          return false;
        }
      }
      return true;
    }

    private static boolean isMet(int[] condition, long[] words) {
      for (int word : condition) {
        if ((words[word >> 6] & 1L << word) != 0) {
          return true;
        }
      }
      return false;
    }
  }

  /**
   * @param times how often each word was seen; never, where it is not among them
   */
  ChosenWords(List<Sieve.Expression> expressions, Map<Word, Integer> times) {
    Comparator<Set<Word>> rarest =
        Comparator.comparingInt(c -> c.stream().mapToInt(w -> times.getOrDefault(w, 0)).sum());
    List<Expression> numbered = new ArrayList<>();
    for (Sieve.Expression e : expressions) {
      int[][] chosen =
          choose(e.conditions(), rarest.thenComparing(RequiredWords.BEST)).stream()
              .map(this::number)
              .toArray(int[][]::new);
      numbered.add(new Expression(e.filter(), e.regex(), chosen));
    }
    List<Word> words = List.copyOf(numbers.keySet());
    this.lookedForBy =
        IntStream.range(0, words.size())
            .mapToObj(
                w ->
                    numbered.stream()
                        .filter(e -> IntStream.of(e.conditions[0]).anyMatch(own -> own == w))
                        .toArray(Expression[]::new))
            .toArray(Expression[][]::new);
    this.asked = WordAutomaton.of(words);
    this.lookedFor =
        WordAutomaton.of(
            words.stream().filter(w -> lookedForBy[numbers.get(w)].length > 0).toList());
  }

  private static List<Set<Word>> choose(List<Set<Word>> conditions, Comparator<Set<Word>> order) {
    List<Set<Word>> chosen = new ArrayList<>();
    for (Set<Word> condition : conditions.stream().sorted(order).toList()) {
      if (chosen.size() < ASKED
          && chosen.stream().allMatch(c -> Collections.disjoint(c, condition))) {
        chosen.add(condition);
      }
    }
    return chosen;
  }

  private int[] number(Set<Word> condition) {
    return condition.stream()
        .mapToInt(word -> numbers.computeIfAbsent(word, w -> numbers.size()))
        .toArray();
  }

  /** Marks words that are looked for, as {@link WordAutomaton#mark}. */
  void mark(byte[] buf, int from, int to, long[] marks) {
    lookedFor.mark(buf, from, to, marks);
  }

  /**
   * Finds the expressions that can match in a line, {@code buf[from, to)}.
   *
   * @param possible by filter: gets them
   * @return whether there are any
   */
  boolean possible(byte[] buf, int from, int to, List<BitSet> possible) {
    long[] words = asked.find(buf, from, to);
    boolean any = false;
    for (int i = 0; i < words.length; i++) {
      for (long left = words[i]; left != 0; left &= left - 1) {
        for (Expression e : lookedForBy[i * Long.SIZE + Long.numberOfTrailingZeros(left)]) {
          if (e.isPossible(words)) {
            possible.get(e.filter).set(e.regex);
            any = true;
          }
        }
      }
    }
    return any;
  }
}
