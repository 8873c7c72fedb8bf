package io.banstream.console;

/**
 * Text from logs made safe for a terminal: whatever could move the cursor, change colours or turn
 * the direction of writing becomes a replacement character.
 */
public final class Plain {
  private static final char REPLACEMENT = '\uFFFD';

  private Plain() {}

  /** The text, each such character replaced. */
  public static String text(String raw) {
    StringBuilder safe = new StringBuilder(raw.length());
    raw.codePoints().forEach(c -> safe.appendCodePoint(isSafe(c) ? c : REPLACEMENT));
    return safe.toString();
  }

  private static boolean isSafe(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL, // escape sequences, C1 ones included
          Character.FORMAT, // bidirectional overrides, zero widths
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
