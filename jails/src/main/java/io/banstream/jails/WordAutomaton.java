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

  /** The states from this one on end words. */
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
    byte[] by = column;
    int last = ends - 1;
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
      if (((last - a) | (last - b) | (last - c) | (last - d)) < 0) {
        int at = i - from;
        markIf(a > last, marks, at);
        markIf(b > last, marks, at + each);
        markIf(c > last, marks, at + 2 * each);
        markIf(d > last, marks, at + 3 * each);
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
      return size() * columns;
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
      return numbered();
    }

    /** The states that end words come last, so that one comparison tells them. */
    private WordAutomaton numbered() {
      int[] number = new int[size()];
      int count = 0;
      for (boolean ending : new boolean[] {false, true}) {
        for (int state = 0; state < size(); state++) {
          if (ended.get(state).isEmpty() != ending) {
            number[state] = count++;
          }
        }
      }
      char[] next = new char[size() * columns];
      int[][] indices = new int[(int) ended.stream().filter(e -> !e.isEmpty()).count()][];
      for (int state = 0; state < size(); state++) {
        for (int by = 0; by < columns; by++) {
          next[number[state] * columns + by] = (char) (number[moves.get(state)[by]] * columns);
        }
        int end = number[state] - (size() - indices.length);
        if (end >= 0) {
          indices[end] = ended.get(state).stream().mapToInt(i -> i).toArray();
        }
      }
      return new WordAutomaton(words, column, columns, next, indices, longest);
    }
  }
}
