package io.banstream.jails;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/** Whether ASCII text stands in a log's bytes as it is. */
final class AsciiBytes {
  private AsciiBytes() {}

  /**
   * Whether a word is in a text exactly where its bytes are in the text's: in UTF-8, and where each
   * byte is one character and ASCII's are themselves. Others can put shift sequences into a word.
   */
  static boolean areIn(Charset charset) {
    if (charset.equals(StandardCharsets.UTF_8)) {
      return true;
    }
    byte[] bytes = new byte[256];
    for (int b = 0; b < bytes.length; b++) {
      bytes[b] = (byte) b;
    }
    String text = new String(bytes, charset);
    String ascii = new String(bytes, 0, 128, StandardCharsets.US_ASCII);
    return text.length() == bytes.length && text.startsWith(ascii);
  }
}
