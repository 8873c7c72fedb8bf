package io.banstream.standalone;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinesTest {
  private static List<String> lines(String text) throws IOException {
    List<String> lines = new ArrayList<>();
    long count =
        new Lines(new ByteArrayInputStream(text.getBytes(ISO_8859_1)))
            .forEach(
                (buffer, from, to, number) ->
                    lines.add(number + " " + new String(buffer, from, to - from, ISO_8859_1)));
    assertThat(count).isEqualTo(lines.size());
    return lines;
  }

  @Test
  void numbersLinesFromOneAndLeavesTheirEndsOut() throws IOException {
    assertThat(lines("a\nb\r\n\nc\r\r\n")).containsExactly("1 a", "2 b", "3 ", "4 c\r");
  }

  @Test
  void givesTheLastLineThatHasNoEnd() throws IOException {
    assertThat(lines("a\nb")).containsExactly("1 a", "2 b");
    assertThat(lines("")).isEmpty();
    assertThat(lines("\n")).containsExactly("1 ");
  }

  @Test
  void aLineMayBeLongerThanAnyBuffer() throws IOException {
    String longest = "x".repeat(3_000_000);
    assertThat(lines("a\n" + longest + "\nb\n")).containsExactly("1 a", "2 " + longest, "3 b");
  }

  @Test
  void bytesThatAreNoTextStayAsTheyAre() throws IOException {
    assertThat(lines("\u0000\u00ff\u00fe\nb")).containsExactly("1 \u0000\u00ff\u00fe", "2 b");
  }
}
