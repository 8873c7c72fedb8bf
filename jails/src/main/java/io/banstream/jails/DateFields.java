package io.banstream.jails;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.TextStyle;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The parts of a date that a line names, put together. Groups are named as strptime's letters.
 *
 * <p>Without a year it is the newest that is not more than a day ahead of now; without a day it is
 * today, or yesterday where the time is still to come; without a zone it is the log's, and then
 * what {@link WallClock} says.
 */
final class DateFields {
  private final Map<String, String> fields;
  private final ZoneId zone;
  private final Instant now;

  DateFields(Map<String, String> fields, ZoneId zone, Instant now) {
    this.fields = fields;
    this.zone = zone;
    this.now = now;
  }

  /** The time; empty where there is none of that kind, as on 30 February. */
  Optional<Instant> instant() {
    String zoneName = fields.getOrDefault("z", fields.get("Z"));
    Optional<? extends ZoneId> named =
        zoneName == null ? Optional.of(zone) : LogZone.offset(zoneName);
    return named.flatMap(
        z -> {
          try {
            return Optional.of(in(z));
          } catch (DateTimeException e) {
            return Optional.empty();
          }
        });
  }

  private Instant in(ZoneId z) {
    LocalDate today = LocalDate.ofInstant(now, z);
    LocalTime time = LocalTime.of(hour(), number("M", 0), number("S", 0), nanos());
    if (!fields.containsKey("m")
        && !fields.containsKey("b")
        && !fields.containsKey("B")
        && !fields.containsKey("d")) {
      return withoutDay(today, time, z);
    }
    if (has("Y") || has("y")) {
      return at(day(year()), time, z);
    }
    Instant thisYear = at(day(today.getYear()), time, z);
    return thisYear.isAfter(now.plus(Duration.ofDays(1)))
        ? at(day(today.getYear() - 1), time, z)
        : thisYear;
  }

  private Instant at(LocalDate day, LocalTime time, ZoneId z) {
    return WallClock.instant(LocalDateTime.of(day, time), z, now);
  }

  private Instant withoutDay(LocalDate today, LocalTime time, ZoneId z) {
    if (has("j")) {
      int year = has("Y") || has("y") ? year() : today.getYear();
      return at(LocalDate.ofYearDay(year, number("j", 1)), time, z);
    }
    if ((has("W") || has("U")) && (has("a") || has("A") || has("w"))) {
      int year = has("Y") || has("y") ? year() : today.getYear();
      return at(weekday(year), time, z);
    }
    Instant at = at(today, time, z);
    return at.isAfter(now) ? at(today.minusDays(1), time, z) : at;
  }

  /** Week number of the year and day of the week; U begins its weeks on Sunday, W on Monday. */
  private LocalDate weekday(int year) {
    DayOfWeek starts = has("U") ? DayOfWeek.SUNDAY : DayOfWeek.MONDAY;
    LocalDate first = LocalDate.of(year, 1, 1);
    int lead = Math.floorMod(starts.getValue() - first.getDayOfWeek().getValue(), 7);
    int day = Math.floorMod(dayOfWeek().getValue() - starts.getValue(), 7);
    int week = number(has("U") ? "U" : "W", 1);
    return first.plusDays(lead + (week - 1L) * 7 + day);
  }

  private DayOfWeek dayOfWeek() {
    if (has("w")) {
      int sundayIsZero = number("w", 0);
      return DayOfWeek.of(sundayIsZero == 0 ? 7 : sundayIsZero);
    }
    String name = fields.getOrDefault("a", fields.get("A")).toLowerCase(Locale.ROOT);
    for (DayOfWeek day : DayOfWeek.values()) {
      if (name.startsWith(
          day.getDisplayName(TextStyle.SHORT, Locale.ROOT).toLowerCase(Locale.ROOT))) {
        return day;
      }
    }
    throw new DateTimeException(name);
  }

  private LocalDate day(int year) {
    return LocalDate.of(year, month(), number("d", 1));
  }

  private int year() {
    return has("Y") ? number("Y", 0) : 2000 + number("y", 0);
  }

  private int month() {
    if (has("m")) {
      return number("m", 1);
    }
    String name = fields.getOrDefault("b", fields.getOrDefault("B", "jan"));
    for (int month = 1; month <= 12; month++) {
      if (DatePattern.MONTHS.regionMatches(true, 3 * (month - 1), name, 0, 3)) {
        return month;
      }
    }
    throw new DateTimeException(name);
  }

  private int hour() {
    if (!has("I")) {
      return number("H", 0);
    }
    int hour = number("I", 0) % 12;
    return fields.getOrDefault("p", "am").equalsIgnoreCase("pm") ? hour + 12 : hour;
  }

  private int nanos() {
    String fraction = fields.get("f");
    return fraction == null ? 0 : Integer.parseInt((fraction + "000000000").substring(0, 9));
  }

  private boolean has(String field) {
    return fields.containsKey(field);
  }

  private int number(String field, int otherwise) {
    String text = fields.get(field);
    return text == null ? otherwise : Integer.parseInt(text.strip());
  }
}
