package io.banstream.jails;

/**
 * A text that a regular expression may look at only so often.
 *
 * <p>java.util.regex backtracks, and some expressions need time exponential in the line; every step
 * reads a character, so counting the reads bounds it. The limit holds for all that is done with one
 * line; it is two milliseconds of a core, and an honest expression on an honest line takes some
 * hundred reads.
 */
final class StepLimit implements CharSequence {
  /** Reads that a line may take. */
  static final int READS = 400_000;

  private final String text;
  private final boolean plain;
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

  private StepLimit(String text, boolean plain, Budget budget) {
    this.text = text;
    this.plain = plain;
    this.budget = budget;
  }

  /** A line's text, not looked at yet. */
  StepLimit(String text) {
    this(text, isPlain(text), new Budget());
  }

  /** A part of this text, something plain added to it maybe. What is read of it counts here. */
  StepLimit part(String part) {
    return new StepLimit(part, plain || isPlain(part), budget);
  }

  /** Another text. What is read of it counts here. */
  StepLimit beside(String other) {
    return new StepLimit(other, isPlain(other), budget);
  }

  private static boolean isPlain(String text) {
    boolean plain = true;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      plain &= c < 0x1c || c > 0x1f && c < 0x80;
    }
    return plain;
  }

  /**
   * Whether it is ASCII without the separators 1C to 1F: then what is a letter, a digit or white
   * space is the same for Java as for Python, whatever their modes.
   */
  boolean isPlain() {
    return plain;
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
