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

/** Words as a tree by their letters, of which a {@link WordAutomaton} is made. */
final class WordTrie {
  private final byte[] column = new byte[256];
  private final int columns;
  private final List<Word> words;
  private final int longest;
  private final List<int[]> moves = new ArrayList<>();
  private final List<Set<Integer>> ended = new ArrayList<>();

  WordTrie(List<Word> words, int most) {
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
