package io.banstream.jails;

/**
 * A text that a regular expression may look at only so often.
 *
 * <p>java.util.regex backtracks, and some expressions need time exponential in the line; every step
 * reads a character, so counting the reads bounds it. The limit is about 5 ms of a core; an honest
 * expression on an honest line takes some hundred reads.
 */
final class StepLimit implements CharSequence {
  /** Reads a search may take. */
  static final int READS = 1_000_000;

  private final String text;
  private final boolean ascii;
  private int left = READS;

  /** The search was given up. */
  static final class Exceeded extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Exceeded(Throwable cause) {
      super("too many steps", cause, false, false);
    }
  }

  StepLimit(String text) {
    this.text = text;
    this.ascii = text.chars().allMatch(c -> c < 0x80);
  }

  boolean isAscii() {
    return ascii;
  }

  /** Begins to count anew. */
  void restart() {
    left = READS;
  }

  String substring(int from, int to) {
    return text.substring(from, to);
  }

  @Override
  public char charAt(int index) {
    if (--left < 0) {
      throw new Exceeded(null);
    }
    return text.charAt(index);
  }

  @Override
  public int length() {
    return text.length();
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return text.subSequence(start, end);
  }

  @Override
  public String toString() {
    return text;
  }
}
