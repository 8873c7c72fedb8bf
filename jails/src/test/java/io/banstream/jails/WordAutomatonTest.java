package io.banstream.jails;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class WordAutomatonTest {
  /** Up to so many letters words are told apart. */
  private static final int TOLD = 16;

  private static String text(Random random, String alphabet, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }

  /** By place: the words that end there, found by looking for each at each place. */
  private static List<String> naive(List<Word> words, byte[] buf) {
    boolean anyCase = words.stream().anyMatch(Word::anyCase);
    List<String> found = new ArrayList<>();
    for (int end = 1; end <= buf.length; end++) {
      for (int w = 0; w < words.size(); w++) {
        String word = words.get(w).text();
        String told = word.substring(0, Math.min(TOLD, word.length()));
        int begin = end - told.length();
        if (begin >= 0 && new Word(told, anyCase).isIn(buf, begin, end)) {
          found.add(end - 1 + " " + w);
        }
      }
    }
    return found;
  }

  private static List<String> marked(WordAutomaton automaton, byte[] buf, int from, int to) {
    long[] marks = new long[(to - from) / Long.SIZE + 1];
    automaton.mark(buf, from, to, marks);
    return IntStream.range(0, to - from)
        .filter(i -> (marks[i >> 6] & 1L << i) != 0)
        .mapToObj(i -> "" + i)
        .toList();
  }

  @Test
  void findsWhatLookingForEachWordFinds() {
    Random random = new Random(1);
    for (int run = 0; run < 2000; run++) {
      String alphabet = "abAB_0".substring(0, 2 + random.nextInt(5));
      boolean anyCase = random.nextInt(4) == 0;
      List<Word> words = new ArrayList<>();
      for (int i = random.nextInt(8); i >= 0; i--) {
        String letters = text(random, alphabet, 3 + random.nextInt(run % 10 == 0 ? 30 : 4));
        words.add(new Word(letters, anyCase && random.nextBoolean()));
      }
      byte[] buf =
          text(random, alphabet + "\n-\u00e9", random.nextInt(400))
              .getBytes(StandardCharsets.ISO_8859_1);
      WordAutomaton automaton = WordAutomaton.of(words);
      List<String> expected = naive(words, buf);
      List<String> ends = expected.stream().map(e -> e.split(" ")[0]).distinct().toList();
      assertThat(marked(automaton, buf, 0, buf.length)).as("run %d %s", run, words).isEqualTo(ends);
      TreeSet<Integer> found = new TreeSet<>();
      automaton.find(buf, 0, buf.length, found::add);
      assertThat(found)
          .isEqualTo(
              new TreeSet<>(expected.stream().map(e -> Integer.valueOf(e.split(" ")[1])).toList()));
    }
  }

  @Test
  void looksAtItsPartOfABufferAlone() {
    WordAutomaton automaton = WordAutomaton.of(List.of(new Word("abc", false)));
    byte[] buf = "abcabcabc".repeat(50).getBytes(StandardCharsets.US_ASCII);
    List<String> all = marked(automaton, buf, 0, buf.length);
    assertThat(all).hasSize(150);
    assertThat(marked(automaton, buf, 1, buf.length - 1)).hasSize(148);
    assertThat(marked(automaton, buf, 4, 4)).isEmpty();
  }

  @Test
  void holdsThousandsOfWords() {
    Random random = new Random(2);
    List<Word> words = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      words.add(new Word(text(random, "abcdefghijklmnopqrstuvwxyz", 20), false));
    }
    WordAutomaton automaton = WordAutomaton.of(words);
    for (int i = 0; i < words.size(); i += 97) {
      TreeSet<Integer> found = new TreeSet<>();
      byte[] text = ("x " + words.get(i).text() + " x").getBytes(StandardCharsets.US_ASCII);
      automaton.find(text, 0, text.length, found::add);
      assertThat(found).contains(i);
    }
  }
}
