package io.banstream.jails;

import java.util.List;

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

  WordAutomaton(
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
    WordTrie trie = new WordTrie(words, longest);
    while (trie.moves() > MOST_MOVES) {
      longest--;
      trie = new WordTrie(words, longest);
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
}
