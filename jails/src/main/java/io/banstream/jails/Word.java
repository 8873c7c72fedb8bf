package io.banstream.jails;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * A piece of text that a line must hold: ASCII letters, digits and underscores alone.
 *
 * @param text in lower case where {@code anyCase}
 * @param anyCase whether small and capital letters are the same
 */
record Word(String text, boolean anyCase) {
  Word(String text, boolean anyCase) {
    this.text = anyCase ? text.toLowerCase(Locale.ROOT) : text;
    this.anyCase = anyCase;
  }

  static boolean isPart(int c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_';
  }

  /** An ASCII letter's small one; anything else as it is. */
  static int small(int c) {
    return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
  }

  byte[] bytes() {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  int length() {
    return text.length();
  }

  /** Whether {@code buf[from, to)} holds it. */
  boolean isIn(byte[] buf, int from, int to) {
    for (int i = from; i <= to - text.length(); i++) {
      if (isAt(buf, i)) {
        return true;
      }
    }
    return false;
  }

  private boolean isAt(byte[] buf, int at) {
    for (int i = 0; i < text.length(); i++) {
      int c = anyCase ? small(buf[at + i]) : buf[at + i];
      if (c != text.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
