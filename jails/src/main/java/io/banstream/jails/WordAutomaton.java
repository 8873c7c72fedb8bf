package io.banstream.jails;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds many words at once in bytes: Aho and Corasick's automaton, with its failure links put into
 * the table of moves, so that a byte costs one look there. The bytes that no word has are one
 * column, so the table of usual filters stays in the processor's nearest cache.
 *
 * <p>Its states know words by their first letters ({@value #LONGEST}, fewer where there are very
 * many), and where one of them is of any case, all are: marks may stand where no word is, and never
 * lack.
 */
final class WordAutomaton {
  private static final int LONGEST = 16;

  /** How many places of the bytes are gone through at the same time. */
  private static final int LANES = 4;

  /** A state is the place of its row in the table, and has 16 bits. */
  private static final int MOST_MOVES = 1 << 16;

  private final byte[] column = new byte[256];
  private final int columns;

  /** The next state by state and column; 0 is where nothing was seen yet. */
  private final char[] next;

  /** The states from this one on end words; a power of two, and what is below it holds the rest. */
  private final int ends;

  /** By such a state's row: the indices of the words. */
  private final int[][] ended;

  private final int longest;
  private final Word[] words;

  private WordAutomaton(
      List<Word> words, byte[] column, int columns, char[] next, int[][] ended, int longest) {
    this.words = words.toArray(Word[]::new);
    System.arraycopy(column, 0, this.column, 0, column.length);
    this.columns = columns;
    this.next = next;
    this.ended = ended;
    this.ends = next.length - ended.length * columns;
    this.longest = longest;
  }

  static WordAutomaton of(List<Word> words) {
    int longest = LONGEST;
    Trie trie = new Trie(words, longest);
    while (trie.moves() > MOST_MOVES) {
      longest--;
      trie = new Trie(words, longest);
    }
    return trie.automaton();
  }

  /**
   * Marks where words are.
   *
   * @param marks a bit for each byte from {@code from} on, set in each word at its last letter that
   *     counts
   */
  void mark(byte[] buf, int from, int to, long[] marks) {
    int each = (to - from - longest) / LANES;
    if (each < longest) {
      mark(buf, from, to, from, marks);
      return;
    }
    // A state must be known before the next can be looked up, and the processor idles meanwhile:
    // so four places are gone through together, each on until what began before the next one's
    // first byte must be over.
    char[] table = next;
    byte[] by = new byte[256]; // made here, so that the compiler knows that no index is outside it
    System.arraycopy(column, 0, by, 0, by.length);
    int found = ends;
    int end = from + each + longest;
    int a = 0;
    int b = 0;
    int c = 0;
    int d = 0;
    for (int i = from; i < end; i++) {
      a = table[a + by[buf[i] & 0xff]];
      b = table[b + by[buf[i + each] & 0xff]];
      c = table[c + by[buf[i + 2 * each] & 0xff]];
      d = table[d + by[buf[i + 3 * each] & 0xff]];
      if ((a | b | c | d) >= found) {
        int at = i - from;
        markIf(a >= found, marks, at);
        markIf(b >= found, marks, at + each);
        markIf(c >= found, marks, at + 2 * each);
        markIf(d >= found, marks, at + 3 * each);
      }
    }
    mark(buf, from + LANES * each, to, from, marks);
  }

  private void mark(byte[] buf, int from, int to, int base, long[] marks) {
    int state = 0;
    for (int i = from; i < to; i++) {
      state = next[state + column[buf[i] & 0xff]];
      markIf(state >= ends, marks, i - base);
    }
  }

  private static void markIf(boolean found, long[] marks, int at) {
    if (found) {
      marks[at >> 6] |= 1L << at;
    }
  }

  /**
   * The words that there are.
   *
   * @return a bit for each word by its index
   */
  long[] find(byte[] buf, int from, int to) {
    long[] found = new long[(words.length >> 6) + 1];
    int state = 0;
    for (int i = from; i < to; i++) {
      state = next[state + column[buf[i] & 0xff]];
      if (state >= ends) {
        for (int w : ended[(state - ends) / columns]) {
          Word word = words[w];
          if (word.isAt(buf, i + 1 - Math.min(longest, word.length()), to)) {
            found[w >> 6] |= 1L << w;
          }
        }
      }
    }
    return found;
  }

  /** The words as a tree by their letters, while the automaton is made of it. */
  private static final class Trie {
    private final byte[] column = new byte[256];
    private final int columns;
    private final List<Word> words;
    private final int longest;
    private final List<int[]> moves = new ArrayList<>();
    private final List<Set<Integer>> ended = new ArrayList<>();

    Trie(List<Word> words, int most) {
      this.words = words;
      boolean anyCase = words.stream().anyMatch(Word::anyCase);
      this.columns = numberColumns(words, anyCase);
      add();
      int length = 0;
      for (int i = 0; i < words.size(); i++) {
        Word word = words.get(i);
        int end = Math.min(word.length(), most);
        length = Math.max(length, end);
        int state = 0;
        for (int at = 0; at < end; at++) {
          int[] from = moves.get(state);
          int by = column[word.letter(at)];
          if (from[by] == 0) {
            from[by] = add();
          }
          state = from[by];
        }
        ended.get(state).add(i);
      }
      this.longest = length;
    }

    private int add() {
      moves.add(new int[columns]);
      ended.add(new LinkedHashSet<>());
      return moves.size() - 1;
    }

    private int size() {
      return moves.size();
    }

    int moves() {
      return ends() + ending() * columns;
    }

    private int ending() {
      return (int) ended.stream().filter(e -> !e.isEmpty()).count();
    }

    /** Where the states begin that end words: one bit tells them from the others. */
    private int ends() {
      int others = (size() - ending()) * columns;
      return Integer.highestOneBit(2 * others - 1);
    }

    /** Column 0 is for the bytes that are in no word. */
    private int numberColumns(List<Word> words, boolean anyCase) {
      Map<Integer, Byte> numbers = new HashMap<>();
      for (Word word : words) {
        for (int at = 0; at < word.length(); at++) {
          int same = anyCase ? Word.small(word.letter(at)) : word.letter(at);
          numbers.computeIfAbsent(same, l -> (byte) (numbers.size() + 1));
        }
      }
      for (int b = 0; b < 128; b++) {
        column[b] = numbers.getOrDefault(anyCase ? Word.small(b) : b, (byte) 0);
      }
      return numbers.size() + 1;
    }

    WordAutomaton automaton() {
      Deque<Integer> open = new ArrayDeque<>();
      int[] fallback = new int[size()];
      Arrays.stream(moves.get(0)).filter(s -> s != 0).forEach(open::add);
      while (!open.isEmpty()) {
        int state = open.remove();
        int[] own = moves.get(state);
        int[] shorter = moves.get(fallback[state]);
        ended.get(state).addAll(ended.get(fallback[state]));
        for (int by = 0; by < columns; by++) {
          if (own[by] == 0) {
            own[by] = shorter[by];
          } else {
            fallback[own[by]] = shorter[by];
            open.add(own[by]);
          }
        }
      }
      return placed();
    }

    private WordAutomaton placed() {
      int ends = ends();
      int other = 0;
      int ending = ends;
      int[] place = new int[size()];
      for (int state = 0; state < size(); state++) {
        boolean ended = !this.ended.get(state).isEmpty();
        place[state] = ended ? ending : other;
        ending += ended ? columns : 0;
        other += ended ? 0 : columns;
      }
      char[] next = new char[ending];
      int[][] indices = new int[ending()][];
      for (int state = 0; state < size(); state++) {
        for (int by = 0; by < columns; by++) {
          next[place[state] + by] = (char) place[moves.get(state)[by]];
        }
        if (place[state] >= ends) {
          indices[(place[state] - ends) / columns] =
              ended.get(state).stream().mapToInt(i -> i).toArray();
        }
      }
      return new WordAutomaton(words, column, columns, next, indices, longest);
    }
  }
}
