package io.banstream.jails;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.Year;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One form of dates, in the language of jail.conf(5)'s {@code datepattern}: a regular expression
 * with strptime's letters. {@code {^LN-BEG}} anchors it at the line's beginning; otherwise it
 * stands between words ({@code {UNB}} or {@code **} take that off). {@code EPOCH}, {@code {EPOCH}},
 * {@code LEPOCH} and {@code TAI64N} are the machines' dates.
 */
final class DatePattern {
  /** Three letters a month. */
  static final String MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec";

  private static final String MONTH = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec";
  private static final String FULL_MONTH =
      "January|February|March|April|May|June|July|August|September|October|November|December";
  private static final String DAY = "Mon|Tue|Wed|Thu|Fri|Sat|Sun";
  private static final String FULL_DAY = "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday";
  private static final String OFFSET = "[+-][01]\\d(?::?\\d{2})?";
  private static final String ZONE = "[A-Z](?:[A-Z]{2,4})?";
  private static final String EPOCH = "\\d{10,11}\\b(?:\\.\\d{3,6})?";
  private static final String LONG_EPOCH = "\\d{10,11}(?:\\d{3}(?:\\.\\d{1,6}|\\d{3})?)?";

  /** What each letter stands for: the group's name, a colon, its content. */
  private static final Map<String, String> LETTERS = new HashMap<>();

  static {
    letters("Y:\\d{4}", "y:\\d{2}", "m:1[0-2]|0?[1-9]", "b:" + MONTH, "B:" + FULL_MONTH);
    letters("d:[12]\\d|3[01]|[0 ]?[1-9]", "a:" + DAY, "A:" + FULL_DAY, "w:[0-6]");
    letters("H:2[0-3]|[01]?\\d", "I:1[0-2]|0?[1-9]", "M:[0-5]?\\d", "S:6[01]|[0-5]?\\d");
    letters("f:\\d{1,6}", "p:am|pm", "j:36[0-6]|3[0-5]\\d|[12]\\d\\d|0?[1-9]\\d|0{0,2}[1-9]");
    letters("U:5[0-3]|[0-4]?\\d", "W:5[0-3]|[0-4]?\\d", "Z:Z|[A-Z]{3,5}", "z:Z|UTC|GMT|" + OFFSET);
    LETTERS.put("k", " ?(?P<H>[0-2]?\\d)");
    LETTERS.put("l", " ?(?P<I>1?\\d)");
    LETTERS.put("ExY", "(?P<Y>20[0-" + (Year.now().getValue() + 3) / 10 % 10 + "]\\d)");
    LETTERS.put("Exy", "(?P<y>\\d{2})");
    LETTERS.put("Exm", "(?P<m>0[1-9]|1[0-2])");
    LETTERS.put("Exd", "(?P<d>0[1-9]|[12]\\d|3[01])");
    LETTERS.put("ExH", "(?P<H>[01]\\d|2[0-3])");
    LETTERS.put("Exk", " ?(?P<H>[01]?\\d|2[0-3])");
    LETTERS.put("Exl", " ?(?P<I>1[0-2]|\\d)");
    LETTERS.put("ExM", "(?P<M>[0-5]\\d)");
    LETTERS.put("ExS", "(?P<S>[0-5]\\d|6[01])");
    LETTERS.put("ExZ", "(?P<Z>" + ZONE + ")");
    LETTERS.put("Exz", "(?P<z>(?:" + ZONE + ")?" + OFFSET + "|" + ZONE + ")");
    LETTERS.put("%", "%");
  }

  /** What follows a date is no part of its last word. */
  private static final String END = "(?=\\b|\\W|$)";

  private static final Pattern LETTER = Pattern.compile("%(%|Ex[A-Za-z]|[A-Za-z])");
  private static final Pattern NAMES = Pattern.compile("(?<!%)%[aAbBp]");
  private static final Pattern CAPTURES = Pattern.compile("(?<!\\\\)\\((?!\\?)");

  /** The group that is the date stands behind a character that is no letter. */
  private static final Pattern AFTER_MARK =
      Pattern.compile("^(?:[^(|\\\\]|\\\\.)*(?:\\\\[^A-Za-z0-9_]| )\\((?!\\?)");

  private static final Pattern FLAGS = Pattern.compile("^\\(\\?[a-z]+\\)");
  private static final Pattern OWN_END =
      Pattern.compile("(?<!\\\\)(?:\\$\\)?|\\\\b|\\\\s|\\*\\*\\)*)$");
  private static final Pattern OWN_BEGINNING =
      Pattern.compile("^\\(*(?:\\(\\?\\w+\\))?(?:\\^|\\(*\\*\\*|\\((?:\\?:)?\\^)");

  /** Where a date is taken out of a line. The later, the less is known. */
  enum Cut {
    /** Before it there are no letters, digits or underscores. */
    AT_BEGINNING,

    /** Letters, digits or underscores are not both before it and behind it. */
    BETWEEN_WORDS,
    ANYWHERE
  }

  /** How the text that a match found is read. */
  private enum Kind {
    FIELDS,
    EPOCH,
    TAI64N
  }

  private final PythonRegex regex;
  private final Kind kind;
  private final boolean anchored;
  private final Cut cut;

  private DatePattern(PythonRegex regex, Kind kind, boolean anchored, Cut cut) {
    this.regex = regex;
    this.kind = kind;
    this.anchored = anchored;
    this.cut = cut;
  }

  /**
   * @throws IllegalArgumentException if it is no pattern
   */
  static DatePattern compile(String pattern) {
    boolean lineBeginning = pattern.startsWith("{^LN-BEG}");
    boolean unbound = pattern.startsWith("{UNB}");
    String core = pattern.replaceFirst("^\\{(\\^LN-BEG|UNB)\\}", "").strip();
    String name = core.replaceFirst("^\\^", "").toUpperCase(Locale.ROOT);
    boolean begins = lineBeginning || core.startsWith("^");
    if (name.equals("EPOCH") || name.equals("LEPOCH")) {
      return epoch(name.equals("EPOCH") ? EPOCH : LONG_EPOCH, begins);
    }
    if (name.equals("TAI64N")) {
      String tai = "(@[0-9a-f]{24})";
      return of(
          (begins ? "^\\W{0,2}" : "") + tai + END,
          Kind.TAI64N,
          begins,
          begins ? Cut.AT_BEGINNING : Cut.BETWEEN_WORDS);
    }
    Kind kind = Kind.FIELDS;
    String body = letters(core);
    if (core.matches("(?i).*(?<!\\\\)\\{L?EPOCH\\}.*")) {
      kind = Kind.EPOCH;
      body =
          "("
              + body.replaceAll("(?i)\\{EPOCH\\}", group(EPOCH))
                  .replaceAll("(?i)\\{LEPOCH\\}", group(LONG_EPOCH))
              + ")";
    }
    return bounded(core, body, kind, lineBeginning, unbound);
  }

  private static String group(String epoch) {
    return Matcher.quoteReplacement("(?P<epoch>" + epoch + ")");
  }

  /** Seconds, at the line's beginning or in its brackets; audit's anywhere. */
  private static DatePattern epoch(String digits, boolean begins) {
    String bracketed = "(?P<square>(?<=^\\[))";
    return begins
        ? of(
            "^\\W{0,2}(" + bracketed + "?(?P<epoch>" + digits + "))(?(square)(?=\\]))" + END,
            Kind.EPOCH,
            true,
            Cut.AT_BEGINNING)
        : of(
            "((?:^|"
                + bracketed
                + "|(?P<audit>(?<=\\baudit\\()))(?P<epoch>"
                + digits
                + "))(?:(?(audit)(?=:\\d+\\)))|(?(square)(?=\\])))"
                + END,
            Kind.EPOCH,
            false,
            Cut.BETWEEN_WORDS);
  }

  /**
   * Puts the boundaries round an expression, and a group round what is the date.
   *
   * @param core the pattern as written
   * @param expression what it stands for
   */
  private static DatePattern bounded(
      String core, String expression, Kind kind, boolean lineBeginning, boolean unbound) {
    Matcher own = FLAGS.matcher(expression);
    String flags = NAMES.matcher(core).find() ? "(?iu)" : "";
    String body = expression;
    if (own.find()) {
      flags += own.group();
      body = body.substring(own.end());
    }
    boolean begin = !unbound && !OWN_BEGINNING.matcher(body).find();
    boolean end = !unbound && !OWN_END.matcher(body).find();
    boolean anchored = lineBeginning || body.startsWith("^");
    boolean caretFirst = body.startsWith("^");
    if (!CAPTURES.matcher(body).find()) {
      String caret = body.startsWith("^") ? "^" : "";
      String dollar = body.endsWith("$") && !body.endsWith("\\$") ? "$" : "";
      body =
          caret
              + "("
              + body.substring(caret.length(), body.length() - dollar.length())
              + ")"
              + dollar;
    }
    if (begin) {
      body = (lineBeginning ? "^\\W{0,2}" : "(?=^|\\b|\\W)") + body;
    }
    if (end) {
      body += END;
    }
    boolean atBeginning = caretFirst || lineBeginning && begin;
    Cut cut =
        flags.contains("m") || core.contains("**") ? Cut.ANYWHERE : cut(core, atBeginning, end);
    return of(flags + body.replaceAll("(?<!\\\\)\\*\\*", ""), kind, anchored, cut);
  }

  private static Cut cut(String core, boolean atBeginning, boolean bounded) {
    boolean captures = CAPTURES.matcher(core).find();
    if (atBeginning && !captures) {
      return Cut.AT_BEGINNING;
    }
    boolean apart = AFTER_MARK.matcher(core).find() || bounded && DateEnd.isWord(core);
    return apart ? Cut.BETWEEN_WORDS : Cut.ANYWHERE;
  }

  private static DatePattern of(String python, Kind kind, boolean anchored, Cut cut) {
    return new DatePattern(PythonRegex.compile(python, false), kind, anchored, cut);
  }

  /** Where in a line its dates are taken out. */
  Cut cut() {
    return cut;
  }

  /** Whether it looks at the line's beginning alone. */
  boolean isAnchored() {
    return anchored;
  }

  /**
   * @throws TooManySteps if it takes too long
   */
  Optional<PythonRegex.Found> search(StepLimit line) {
    try {
      return regex.search(line);
    } catch (StepLimit.Exceeded e) {
      throw new TooManySteps("datepattern", regex.toString(), e);
    }
  }

  /**
   * The time that a match names; empty where it is none (30 February).
   *
   * @param zone of dates that name none
   */
  Optional<Instant> instant(PythonRegex.Found found, String date, ZoneId zone, Instant now) {
    try {
      return switch (kind) {
        case FIELDS -> new DateFields(found.groups(), zone, now).instant();
        case EPOCH -> Optional.of(epochInstant(found.groups().get("epoch")));
        case TAI64N ->
            Optional.of(Instant.ofEpochSecond(Long.parseLong(date.substring(2, 17), 16)));
      };
    } catch (DateTimeException e) {
      return Optional.empty(); // TAI64N can name times that are far beyond what Instant holds
    }
  }

  /** Seconds with a fraction; of 13 digits on milliseconds, of 16 microseconds. */
  private static Instant epochInstant(String digits) {
    int point = digits.indexOf('.') < 0 ? digits.length() : digits.indexOf('.');
    String whole = digits.substring(0, point);
    double scale = whole.length() >= 16 ? 1 : whole.length() >= 13 ? 1e3 : 1e6;
    return Instant.EPOCH.plus(Math.round(Double.parseDouble(digits) * scale), ChronoUnit.MICROS);
  }

  private static String letters(String pattern) {
    StringBuilder out = new StringBuilder();
    Matcher m = LETTER.matcher(pattern);
    while (m.find()) {
      String expression = LETTERS.get(m.group(1));
      if (expression == null) {
        throw new IllegalArgumentException(m.group() + " is no part of a date");
      }
      m.appendReplacement(out, Matcher.quoteReplacement(expression));
    }
    return m.appendTail(out).toString();
  }

  private static void letters(String... definitions) {
    for (String definition : definitions) {
      String letter = definition.substring(0, 1);
      LETTERS.put(letter, "(?P<" + letter + ">" + definition.substring(2) + ")");
    }
  }
}
