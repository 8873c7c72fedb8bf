package io.banstream.jails;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The dates of one log's lines. A line without one is of the date of the last line before it where
 * that was within the last minute, else of now. One of a date that there is not, as 30 February, is
 * like one without; the date is taken out of it all the same, save where it takes the last one's.
 *
 * <p>Not every line comes here. Those left out make no difference: where a line has no date, or not
 * the form of the last one seen, the lines before it are asked first.
 */
final class LineDates {
  /** For how long a line without a date is taken to be of the last date. */
  private static final Duration SAME_DATE = Duration.ofSeconds(60);

  private final DateDetector detector;
  private Instant last = Instant.MIN;

  LineDates(Optional<String> datepattern, ZoneId zone) {
    this.detector = DateDetector.of(datepattern, zone);
  }

  /** Where in a line dates are taken out, at worst. */
  DatePattern.Cut cut() {
    return detector.cut();
  }

  /**
   * @param rest the line without its date
   * @param form of its date; empty where it has none
   */
  record Dated(StepLimit rest, Instant time, Optional<String> form) {}

  /**
   * @param before gives the lines before it, the nearest first
   * @param now the time of reading: what a date without a year is held against
   * @throws TooManySteps if it takes too long
   */
  Dated take(StepLimit line, Supplier<List<StepLimit>> before, Instant now) {
    Optional<DateDetector.Date> date = detector.again(line, now);
    if (date.isEmpty()) {
      lookBack(before.get(), now);
      date = find(line, now);
    }
    boolean recent = last.isAfter(Instant.MIN) && last.plus(SAME_DATE).isAfter(now);
    Optional<Instant> own = date.flatMap(DateDetector.Date::time);
    boolean takenOut = own.isPresent() || !recent;
    String rest = takenOut ? rest(line.toString(), date) : line.toString();
    Instant time = own.orElse(recent ? last : now);
    remember(date);
    Optional<String> form = date.filter(d -> d.end() > d.start()).map(DateDetector.Date::form);
    return new Dated(line.part(rest + "\n"), time, form);
  }

  private void lookBack(List<StepLimit> before, Instant now) {
    for (StepLimit line : before) {
      Optional<DateDetector.Date> date = find(line, now);
      if (date.isPresent()) {
        remember(date);
        return;
      }
    }
  }

  private Optional<DateDetector.Date> find(StepLimit line, Instant now) {
    return detector.again(line, now).or(() -> detector.anew(line, now));
  }

  private void remember(Optional<DateDetector.Date> date) {
    last = date.flatMap(DateDetector.Date::time).orElse(last);
  }

  private static String rest(String line, Optional<DateDetector.Date> found) {
    return found.map(d -> line.substring(0, d.start()) + line.substring(d.end())).orElse(line);
  }
}
