package io.banstream.jails;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
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

  /** Where words are, as far as they are told apart, by looking for each at each place. */
  private static List<String> placesToMark(List<Word> words, byte[] buf) {
    boolean anyCase = words.stream().anyMatch(Word::anyCase);
    TreeSet<Integer> places = new TreeSet<>();
    for (Word word : words) {
      String told = word.text().substring(0, Math.min(TOLD, word.length()));
      for (int begin = 0; begin < buf.length; begin++) {
        if (new Word(told, anyCase).isAt(buf, begin, buf.length)) {
          places.add(begin + told.length() - 1);
        }
      }
    }
    return places.stream().map(String::valueOf).toList();
  }

  private static boolean isIn(Word word, byte[] buf) {
    return IntStream.range(0, buf.length).anyMatch(begin -> word.isAt(buf, begin, buf.length));
  }

  private static List<String> marked(WordAutomaton automaton, byte[] buf, int from, int to) {
    long[] marks = new long[(to - from) / Long.SIZE + 1];
    automaton.mark(buf, from, to, marks);
    return IntStream.range(0, to - from)
        .filter(i -> (marks[i >> 6] & 1L << i) != 0)
        .mapToObj(i -> "" + i)
        .toList();
  }

  private static List<Integer> found(WordAutomaton automaton, byte[] buf) {
    return BitSet.valueOf(automaton.find(buf, 0, buf.length)).stream().boxed().toList();
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
      assertThat(marked(automaton, buf, 0, buf.length))
          .as("run %d %s", run, words)
          .isEqualTo(placesToMark(words, buf));
      assertThat(found(automaton, buf))
          .as("run %d %s", run, words)
          .containsExactlyElementsOf(
              IntStream.range(0, words.size())
                  .filter(w -> isIn(words.get(w), buf))
                  .boxed()
                  .toList());
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
      byte[] text = ("x " + words.get(i).text() + " x").getBytes(StandardCharsets.US_ASCII);
      assertThat(found(automaton, text)).containsExactly(i);
    }
  }
}
