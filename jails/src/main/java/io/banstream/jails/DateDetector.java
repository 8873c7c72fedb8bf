package io.banstream.jails;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds the date of a line. The form that the last line had is tried first, where that stood; then
 * all, those at the line's beginning before the others, and of these the one that begins first.
 */
final class DateDetector {
  private static final List<String> FORMS = Table.lines("dates.txt");

  private final List<DatePattern> patterns;
  private final ZoneId zone;
  private int last = -1;
  private int lastStart;

  private DateDetector(List<DatePattern> patterns, ZoneId zone) {
    this.patterns = patterns;
    this.zone = zone;
  }

  /**
   * @param datepattern one a line; {@code {^LN-BEG}}, {@code {DEFAULT}} and {@code {DATE}} stand
   *     for all the forms that are known, {@code {NONE}} for lines without a date
   * @throws RegexException if it is no pattern
   */
  static DateDetector of(Optional<String> datepattern, ZoneId zone) {
    List<DatePattern> patterns = new ArrayList<>();
    for (String line : datepattern.orElse("{DEFAULT}").split("\n")) {
      String pattern = line.strip();
      try {
        if (!pattern.isEmpty()) {
          add(patterns, pattern);
        }
      } catch (IllegalArgumentException e) {
        throw new RegexException("datepattern", pattern, e.getMessage());
      }
    }
    return new DateDetector(patterns, zone);
  }

  private static void add(List<DatePattern> patterns, String pattern) {
    String upper = pattern.toUpperCase(Locale.ROOT);
    if (upper.equals("{NONE}")) {
      patterns.add(DatePattern.compile("{UNB}^"));
    } else if (upper.equals("{^LN-BEG}")) {
      FORMS.forEach(f -> patterns.add(DatePattern.compile(anchored(f))));
    } else if (upper.equals("{DEFAULT}")) {
      FORMS.forEach(f -> patterns.add(DatePattern.compile(anchored(f))));
      FORMS.stream()
          .filter(f -> !anchored(f).equals(f))
          .forEach(f -> patterns.add(DatePattern.compile(f)));
    } else if (upper.contains("{DATE}")) {
      int at = upper.indexOf("{DATE}");
      for (String known : FORMS) {
        String bare = known.replaceFirst("^\\{\\^LN-BEG\\}", "").replaceFirst("^\\^", "");
        String form = pattern.substring(0, at) + bare + pattern.substring(at + 6);
        if (!bare.matches("EPOCH|TAI64N") || form.matches("(\\^|\\{\\^LN-BEG\\})?" + bare)) {
          patterns.add(DatePattern.compile(form));
        }
      }
    } else {
      patterns.add(DatePattern.compile(pattern));
    }
  }

  private static String anchored(String form) {
    return form.startsWith("^") || form.startsWith("{^LN-BEG}") ? form : "{^LN-BEG}" + form;
  }

  /**
   * A date in a line.
   *
   * @param start where it begins
   * @param end where it ends; at its start where the pattern asks for no date
   * @param time empty where there is no such time
   */
  record Date(int start, int end, Optional<Instant> time) {
    private boolean isOne() {
      return time.isPresent() || start == end;
    }
  }

  /**
   * The date in a line that has it as the last one had: in its form, at its place.
   *
   * @param now what a date without a year is held against
   * @throws TooManySteps if it takes too long
   */
  Optional<Date> again(StepLimit line, Instant now) {
    if (last < 0) {
      return Optional.empty();
    }
    DatePattern pattern = patterns.get(last);
    return pattern
        .search(line)
        .filter(f -> pattern.isAnchored() || f.firstStart() == lastStart)
        .map(f -> date(last, f, line, now))
        .filter(Date::isOne);
  }

  /**
   * The date in a line, whatever its form. A form whose text names no date, as of an unknown zone,
   * is only taken where no other fits, and not as that of the lines to come.
   *
   * @param now what a date without a year is held against
   * @throws TooManySteps if it takes too long
   */
  Optional<Date> anew(StepLimit line, Instant now) {
    Optional<Date> none = Optional.empty();
    Optional<Date> best = Optional.empty();
    int first = Integer.MAX_VALUE;
    for (int i = 0; i < patterns.size(); i++) {
      Optional<PythonRegex.Found> found = patterns.get(i).search(line);
      if (found.isEmpty() || found.get().start() >= first) {
        continue;
      }
      Date date = date(i, found.get(), line, now);
      if (!date.isOne()) {
        none = none.or(() -> Optional.of(date));
        continue;
      }
      best = Optional.of(date);
      first = found.get().start();
      last = i;
      lastStart = date.start();
      if (patterns.get(i).isAnchored() || first == 0) {
        break;
      }
    }
    return best.isPresent() ? best : none;
  }

  /** Where in a line dates are taken out, at worst. */
  DatePattern.Cut cut() {
    return patterns.stream()
        .map(DatePattern::cut)
        .max(Comparator.naturalOrder())
        .orElse(DatePattern.Cut.AT_BEGINNING);
  }

  private Date date(int pattern, PythonRegex.Found found, StepLimit line, Instant now) {
    String text = line.substring(found.firstStart(), found.firstEnd());
    Optional<Instant> time =
        text.isEmpty() ? Optional.empty() : patterns.get(pattern).instant(found, text, zone, now);
    return new Date(found.firstStart(), found.firstEnd(), time);
  }
}
