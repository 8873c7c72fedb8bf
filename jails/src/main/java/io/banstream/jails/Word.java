package io.banstream.jails;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * A piece of text that a line must hold, ASCII alone. May be of any case: small and capital letters
 * are the same then.
 */
final class Word {
  private final byte[] letters;
  private final boolean anyCase;

  Word(String text, boolean anyCase) {
    String same = anyCase ? text.toLowerCase(Locale.ROOT) : text;
    this.letters = same.getBytes(StandardCharsets.US_ASCII);
    this.anyCase = anyCase;
  }

  /** Whether it is a letter, a digit or an underscore. */
  static boolean isPart(int c) {
    return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_';
  }

  /** An ASCII letter's small one; anything else as it is. */
  static int small(int c) {
    return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
  }

  /** In lower case where it is of any. */
  String text() {
    return new String(letters, StandardCharsets.US_ASCII);
  }

  boolean anyCase() {
    return anyCase;
  }

  int length() {
    return letters.length;
  }

  byte letter(int at) {
    return letters[at];
  }

  /** Whether {@code buf[at, to)} begins with it. */
  boolean isAt(byte[] buf, int at, int to) {
    if (to - at < letters.length) {
      return false;
    }
    for (int i = 0; i < letters.length; i++) {
      int c = anyCase ? small(buf[at + i]) : buf[at + i];
      if (c != letters[i]) {
        return false;
      }
    }
    return true;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Word word
        && anyCase == word.anyCase
        && Arrays.equals(letters, word.letters);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(letters) + Boolean.hashCode(anyCase);
  }

  @Override
  public String toString() {
    return text() + (anyCase ? " in any case" : "");
  }
}
