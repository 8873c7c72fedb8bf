package io.banstream.standalone;

import io.banstream.console.Plain;
import io.banstream.standalone.Trial.Hit;
import io.banstream.standalone.Trial.Outcome;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * A log's lines on the terminal: all as they come, or at the end where they are few. Whatever an
 * attacker wrote into them does nothing there.
 */
final class ShownLines {
  /** From so many on there are too many to show unasked. */
  private static final int MANY = 20;

  private final PrintOptions print;
  private final boolean fields;
  private final PrintWriter out;
  private final Map<Outcome, List<String>> few = new EnumMap<>(Outcome.class);

  /**
   * @param fields whether what a match captured is told
   */
  ShownLines(PrintOptions print, boolean fields, PrintWriter out) {
    this.print = print;
    this.fields = fields;
    this.out = out;
  }

  void add(Outcome outcome, long number, String text) {
    if (print.all(outcome)) {
      out.println(line(word(outcome), number, text));
    } else if (print.few(outcome)) {
      List<String> kept = few.computeIfAbsent(outcome, o -> new ArrayList<>());
      if (kept.size() < MANY) {
        kept.add(line("", number, text));
      }
    }
  }

  /**
   * What a line's match captured.
   *
   * @param time empty where it is no failure
   */
  void add(long number, Hit hit, Optional<Instant> time) {
    if (fields) {
      StringJoiner captured = new StringJoiner(" ");
      time.ifPresent(t -> captured.add(t.toString()));
      new TreeMap<>(hit.groups()).forEach((k, v) -> captured.add(k + "=" + v));
      out.println(line("captured", number, "#" + (hit.failregex() + 1) + " " + captured));
    }
  }

  /** Those kept for the end. */
  void end() {
    few.forEach(
        (outcome, lines) -> {
          String title = word(outcome).substring(0, 1).toUpperCase(Locale.ROOT);
          title += word(outcome).substring(1) + " lines:";
          out.println();
          if (lines.size() < MANY) {
            out.println(title);
            lines.forEach(out::println);
          } else {
            out.println(title + " too many to show; --print-all-" + word(outcome) + " does");
          }
        });
  }

  private static String word(Outcome outcome) {
    return outcome.name().toLowerCase(Locale.ROOT);
  }

  private static String line(String word, long number, String text) {
    return String.format("%-8s %7d  %s", word, number, Plain.text(text));
  }
}
