package io.banstream.jails;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Tells by its bytes that a line can't match, before it is decoded: most lines of a log are of no
 * filter's concern.
 */
final class LineSieve {
  private final byte[] always;
  private final List<byte[]> oneOf;
  private final boolean open;

  private LineSieve(byte[] always, List<byte[]> oneOf, boolean open) {
    this.always = always;
    this.oneOf = oneOf;
    this.open = open;
  }

  /** Lets every line through. */
  static LineSieve open() {
    return new LineSieve(new byte[0], List.of(), true);
  }

  /**
   * @param charset the log's; one that does not write ASCII as ASCII leaves the sieve open
   */
  static LineSieve of(Optional<FailureRegex> prefix, List<FailureRegex> regexes, Charset charset) {
    boolean ascii = charset.canEncode() && "password".getBytes(charset).length == 8;
    if (!ascii) {
      return open();
    }
    byte[] always =
        prefix.flatMap(FailureRegex::requiredWord).map(LineSieve::bytes).orElse(new byte[0]);
    List<String> words = new ArrayList<>();
    for (FailureRegex regex : regexes) {
      Optional<String> word = regex.requiredWord();
      if (word.isEmpty()) {
        return new LineSieve(always, List.of(), true);
      }
      words.add(word.get());
    }
    return new LineSieve(always, words.stream().distinct().map(LineSieve::bytes).toList(), false);
  }

  private static byte[] bytes(String word) {
    return word.getBytes(StandardCharsets.US_ASCII);
  }

  /** Whether the line is to be looked at. */
  boolean passes(byte[] buf, int from, int to) {
    if (!contains(buf, from, to, always)) {
      return false;
    }
    if (open) {
      return true;
    }
    for (byte[] word : oneOf) {
      if (contains(buf, from, to, word)) {
        return true;
      }
    }
    return false;
  }

  private static boolean contains(byte[] buf, int from, int to, byte[] word) {
    if (word.length == 0) {
      return true;
    }
    byte first = word[0];
    for (int i = from; i <= to - word.length; i++) {
      if (buf[i] == first && matches(buf, i, word)) {
        return true;
      }
    }
    return false;
  }

  private static boolean matches(byte[] buf, int at, byte[] word) {
    for (int i = 1; i < word.length; i++) {
      if (buf[at + i] != word[i]) {
        return false;
      }
    }
    return true;
  }
}
