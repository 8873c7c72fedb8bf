package io.banstream.standalone;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinesTest {
  private static List<String> pieces(String text) throws IOException {
    List<String> pieces = new ArrayList<>();
    new Lines(new ByteArrayInputStream(text.getBytes(ISO_8859_1)))
        .forEach((buffer, to) -> pieces.add(new String(buffer, 0, to, ISO_8859_1)));
    return pieces;
  }

  @Test
  void givesTheLastLineThatHasNoEnd() throws IOException {
    assertThat(pieces("a\nb")).containsExactly("a\n", "b");
    assertThat(pieces("a\n")).containsExactly("a\n");
    assertThat(pieces("a")).containsExactly("a");
    assertThat(pieces("")).isEmpty();
  }

  @Test
  void piecesAreWholeLines() throws IOException {
    String text = "0123456789 a line\r\n".repeat(100_000);
    List<String> pieces = pieces(text);
    assertThat(pieces).hasSizeGreaterThan(1).allMatch(p -> p.endsWith("line\r\n"));
    assertThat(String.join("", pieces)).isEqualTo(text);
  }

  @Test
  void aLineMayBeLongerThanAnyBuffer() throws IOException {
    String longest = "x".repeat(3_000_000);
    assertThat(String.join("|", pieces("a\n" + longest + "\nb\n")))
        .matches("a\n\\|?x{3000000}\n\\|?b\n");
  }

  @Test
  void bytesThatAreNoTextStayAsTheyAre() throws IOException {
    assertThat(pieces("\u0000\u00ff\u00fe\n")).containsExactly("\u0000\u00ff\u00fe\n");
  }
}
