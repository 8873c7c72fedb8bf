package io.banstream.console;

import java.util.Optional;

/** What an operator types beside an order: a name, a reason. Checked where it enters. */
final class Words {
  private static final int LONGEST_WHO = 64;
  private static final int LONGEST_WHY = 500;

  private Words() {}

  static String who(String who) {
    return require("who", who, LONGEST_WHO);
  }

  static Optional<String> why(Optional<String> why) {
    why.ifPresent(w -> require("why", w, LONGEST_WHY));
    return why;
  }

  private static String require(String key, String value, int longest) {
    if (value.isBlank() || value.length() > longest || !Plain.text(value).equals(value)) {
      String shown = Plain.text(value.length() > 80 ? value.substring(0, 80) + "..." : value);
      throw new IllegalArgumentException(
          key + " = " + shown + ", expected 1 to " + longest + " printable characters on one line");
    }
    return value;
  }
}
