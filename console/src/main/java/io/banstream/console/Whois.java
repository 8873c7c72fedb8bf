package io.banstream.console;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Asks whois whose an address is.
 *
 * @param program that whois(1) is, by name or path
 */
record Whois(String program) {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int LINES_SHOWN = 100;

  /** What it says, or why it says nothing; may take long. */
  List<String> ask(String address) throws InterruptedException {
    String single = address.replaceFirst("/.*", "");
    try {
      String said = Program.run(List.of(program, "--", single), new byte[0], LIMIT);
      return said.lines()
          .filter(line -> !line.isBlank() && !line.startsWith("%") && !line.startsWith("#"))
          .limit(LINES_SHOWN)
          .map(line -> "  " + line)
          .toList();
    } catch (IOException e) {
      return List.of("  (not known: " + e.getMessage() + ")");
    }
  }
}
