package io.banstream.jails;

/** Text from a file, made fit for a one-line message. */
final class Printable {
  private static final int LONGEST = 120;

  private Printable() {}

  /** The text without control characters, cut at 120 characters. */
  static String of(String text) {
    String clean = text.replace('\n', ' ').replaceAll("\\p{Cntrl}", "?");
    return clean.length() <= LONGEST ? clean : clean.substring(0, LONGEST) + "...";
  }
}
