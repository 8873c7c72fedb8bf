package io.banstream.jails;

/**
 * A text that a regular expression may look at only so often.
 *
 * <p>java.util.regex backtracks, and some expressions need time exponential in the line; every step
 * reads a character, so counting the reads bounds it. The limit holds for all that is done with one
 * line; it is some milliseconds of a core, and an honest expression on an honest line takes some
 * hundred reads.
 */
final class StepLimit implements CharSequence {
  /** Reads that a line may take. */
  static final int READS = 1_000_000;

  private final String text;
  private final boolean ascii;
  private final Budget budget;

  /** What is left of the reads, of all texts that come of one line. */
  private static final class Budget {
    int left = READS;
  }

  /** The search was given up. */
  static final class Exceeded extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Exceeded(Throwable cause) {
      super("too many steps", cause, false, false);
    }
  }

  private StepLimit(String text, boolean ascii, Budget budget) {
    this.text = text;
    this.ascii = ascii;
    this.budget = budget;
  }

  /** A line's text, not looked at yet. */
  StepLimit(String text) {
    this(text, isAscii(text), new Budget());
  }

  /** A part of this text, ASCII added to it maybe. What is read of it counts here. */
  StepLimit part(String part) {
    return new StepLimit(part, ascii || isAscii(part), budget);
  }

  /** Another text. What is read of it counts here. */
  StepLimit beside(String other) {
    return new StepLimit(other, isAscii(other), budget);
  }

  private static boolean isAscii(String text) {
    int bits = 0;
    for (int i = 0; i < text.length(); i++) {
      bits |= text.charAt(i);
    }
    return bits < 0x80;
  }

  boolean isAscii() {
    return ascii;
  }

  String substring(int from, int to) {
    return text.substring(from, to);
  }

  @Override
  public char charAt(int index) {
    if (--budget.left < 0) {
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
