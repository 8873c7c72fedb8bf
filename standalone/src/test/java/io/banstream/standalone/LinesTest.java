package io.banstream.standalone;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class LinesTest {
  private static List<String> pieces(String text) throws IOException {
    return pieces(text.getBytes(ISO_8859_1));
  }

  private static List<String> pieces(byte[] bytes) throws IOException {
    List<String> pieces = new ArrayList<>();
    new Lines(new ByteArrayInputStream(bytes), "the log")
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

  @Test
  void gzipIsUnpackedAlsoWhereItWasAppendedTo() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    packed.write(packed("a\nb\n"));
    packed.write(packed("c\n"));
    assertThat(String.join("", pieces(packed.toByteArray()))).isEqualTo("a\nb\nc\n");
  }

  @Test
  void aDamagedGzipFileIsNamed() throws IOException {
    byte[] packed = packed("line\n".repeat(1000));
    assertThatThrownBy(() -> pieces(Arrays.copyOf(packed, packed.length - 9)))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("the log: can't be unpacked to its end: ");
  }

  private static byte[] packed(String text) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(text.getBytes(ISO_8859_1));
    }
    return packed.toByteArray();
  }
}
