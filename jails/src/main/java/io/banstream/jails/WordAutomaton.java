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
import java.util.function.IntConsumer;

/**
 * Finds many words at once in bytes: Aho and Corasick's automaton, with its failure links put into
 * the table of moves, so that a byte costs one look there. The bytes that no word has are one
 * column, so the table of usual filters stays in the processor's nearest cache.
 *
 * <p>Words are told apart by their first {@value #LONGEST} letters; where one of them is of any
 * case, all are. So it may find a word that is not there, and never misses one that is.
 */
final class WordAutomaton {
  private static final int LONGEST = 16;
  private static final int SHORTEST = 3;

  /** How many places of the bytes are gone through at the same time. */
  private static final int LANES = 4;

  /** States are numbered in 16 bits. */
  private static final int MOST_STATES = 1 << 16;

  private final byte[] column = new byte[256];

  /** A row has {@code 1 << shift} columns. */
  private final int shift;

  /** The next state by state and column; 0 is where nothing was seen yet. */
  private final char[] next;

  /** The states from this one on end words. */
  private final int ends;

  /** By state, from {@link #ends} on: the indices of the words that it ends. */
  private final int[][] ended;

  private final int longest;

  private WordAutomaton(byte[] column, int shift, char[] next, int[][] ended, int longest) {
    System.arraycopy(column, 0, this.column, 0, column.length);
    this.shift = shift;
    this.next = next;
    this.ended = ended;
    this.ends = (next.length >> shift) - ended.length;
    this.longest = longest;
  }

  static WordAutomaton of(List<Word> words) {
    for (int longest = LONGEST; longest >= SHORTEST; longest--) {
      Trie trie = new Trie(words, longest);
      if (trie.size() < MOST_STATES) {
        return trie.automaton();
      }
    }
    throw new IllegalArgumentException("too many words: " + words.size());
  }

  /**
   * Marks where words end.
   *
   * @param marks a bit for each byte from {@code from} on, set where a word's last letter is
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
    byte[] columns = column;
    int row = shift;
    int last = ends - 1;
    int end = from + each + longest;
    int a = 0;
    int b = 0;
    int c = 0;
    int d = 0;
    for (int i = from; i < end; i++) {
      a = table[(a << row) + columns[buf[i] & 0xff]];
      b = table[(b << row) + columns[buf[i + each] & 0xff]];
      c = table[(c << row) + columns[buf[i + 2 * each] & 0xff]];
      d = table[(d << row) + columns[buf[i + 3 * each] & 0xff]];
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
      state = next[(state << shift) + column[buf[i] & 0xff]];
      markIf(state >= ends, marks, i - base);
    }
  }

  private static void markIf(boolean found, long[] marks, int at) {
    if (found) {
      marks[at >> 6] |= 1L << at;
    }
  }

  /** Names the words that there are, by their index; one that is there twice, twice. */
  void find(byte[] buf, int from, int to, IntConsumer found) {
    int state = 0;
    for (int i = from; i < to; i++) {
      state = next[(state << shift) + column[buf[i] & 0xff]];
      if (state >= ends) {
        for (int word : ended[state - ends]) {
          found.accept(word);
        }
      }
    }
  }

  /** The words as a tree by their letters, while the automaton is made of it. */
  private static final class Trie {
    private final byte[] column = new byte[256];
    private final int columns;
    private final int longest;
    private final List<int[]> moves = new ArrayList<>();
    private final List<Set<Integer>> ended = new ArrayList<>();

    Trie(List<Word> words, int most) {
      boolean anyCase = words.stream().anyMatch(Word::anyCase);
      this.columns = numberColumns(words, anyCase);
      add();
      int length = 0;
      for (int i = 0; i < words.size(); i++) {
        byte[] letters = words.get(i).bytes();
        int end = Math.min(letters.length, most);
        length = Math.max(length, end);
        int state = 0;
        for (int at = 0; at < end; at++) {
          int[] from = moves.get(state);
          int by = column[letters[at]];
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

    int size() {
      return moves.size();
    }

    /** Column 0 is for the bytes that are in no word. */
    private int numberColumns(List<Word> words, boolean anyCase) {
      Map<Integer, Byte> numbers = new HashMap<>();
      for (Word word : words) {
        for (byte letter : word.bytes()) {
          int same = anyCase ? Word.small(letter) : letter;
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
      int shift = Integer.SIZE - Integer.numberOfLeadingZeros(columns - 1);
      char[] next = new char[size() << shift];
      int[][] words = new int[(int) ended.stream().filter(e -> !e.isEmpty()).count()][];
      for (int state = 0; state < size(); state++) {
        for (int by = 0; by < columns; by++) {
          next[(number[state] << shift) + by] = (char) number[moves.get(state)[by]];
        }
        int end = number[state] - (size() - words.length);
        if (end >= 0) {
          words[end] = ended.get(state).stream().mapToInt(i -> i).toArray();
        }
      }
      return new WordAutomaton(column, shift, next, words, longest);
    }
  }
}
