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

  private final List<Form> forms;
  private final ZoneId zone;
  private int last = -1;
  private int lastStart;

  /**
   * A form of dates.
   *
   * @param text as a filter could write it
   */
  private record Form(String text, DatePattern pattern) {
    static Form of(String text) {
      return new Form(text, DatePattern.compile(text));
    }
  }

  private DateDetector(List<Form> forms, ZoneId zone) {
    this.forms = forms;
    this.zone = zone;
  }

  /**
   * @param datepattern one a line; {@code {^LN-BEG}}, {@code {DEFAULT}} and {@code {DATE}} stand
   *     for all the forms that are known, {@code {NONE}} for lines without a date
   * @throws RegexException if it is no pattern
   */
  static DateDetector of(Optional<String> datepattern, ZoneId zone) {
    List<Form> forms = new ArrayList<>();
    for (String line : datepattern.orElse("{DEFAULT}").split("\n")) {
      String pattern = line.strip();
      try {
        if (!pattern.isEmpty()) {
          texts(pattern).forEach(text -> forms.add(Form.of(text)));
        }
      } catch (IllegalArgumentException e) {
        throw new RegexException("datepattern", pattern, e.getMessage());
      }
    }
    return new DateDetector(forms, zone);
  }

  /** The forms that a pattern stands for. */
  private static List<String> texts(String pattern) {
    String upper = pattern.toUpperCase(Locale.ROOT);
    if (upper.equals("{NONE}")) {
      return List.of("{UNB}^");
    }
    List<String> texts = new ArrayList<>();
    if (upper.equals("{^LN-BEG}")) {
      FORMS.forEach(f -> texts.add(anchored(f)));
    } else if (upper.equals("{DEFAULT}")) {
      FORMS.forEach(f -> texts.add(anchored(f)));
      FORMS.stream().filter(f -> !anchored(f).equals(f)).forEach(texts::add);
    } else if (upper.contains("{DATE}")) {
      int at = upper.indexOf("{DATE}");
      for (String known : FORMS) {
        String bare = known.replaceFirst("^\\{\\^LN-BEG\\}", "").replaceFirst("^\\^", "");
        String form = pattern.substring(0, at) + bare + pattern.substring(at + 6);
        if (!bare.matches("EPOCH|TAI64N") || form.matches("(\\^|\\{\\^LN-BEG\\})?" + bare)) {
          texts.add(form);
        }
      }
    } else {
      texts.add(pattern);
    }
    return texts;
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
   * @param form as a filter could write it
   */
  record Date(int start, int end, Optional<Instant> time, String form) {
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
    DatePattern pattern = forms.get(last).pattern;
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
    for (int i = 0; i < forms.size(); i++) {
      Optional<PythonRegex.Found> found = forms.get(i).pattern.search(line);
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
      if (forms.get(i).pattern.isAnchored() || first == 0) {
        break;
      }
    }
    return best.isPresent() ? best : none;
  }

  /** Where in a line dates are taken out, at worst. */
  DatePattern.Cut cut() {
    return forms.stream()
        .map(form -> form.pattern.cut())
        .max(Comparator.naturalOrder())
        .orElse(DatePattern.Cut.AT_BEGINNING);
  }

  private Date date(int i, PythonRegex.Found found, StepLimit line, Instant now) {
    Form form = forms.get(i);
    String text = line.substring(found.firstStart(), found.firstEnd());
    Optional<Instant> time =
        text.isEmpty() ? Optional.empty() : form.pattern.instant(found, text, zone, now);
    return new Date(found.firstStart(), found.firstEnd(), time, form.text);
  }
}
