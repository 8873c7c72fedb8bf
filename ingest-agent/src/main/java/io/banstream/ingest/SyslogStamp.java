package io.banstream.ingest;

import io.banstream.jails.WallClock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.Year;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * When a message says that it was sent. What it leaves out (RFC 3164 has no year, no zone) is known
 * only where it is read: each jail may have a zone of its own.
 *
 * @param year empty: it says none
 * @param offset empty: a time of the sender's zone
 */
record SyslogStamp(Optional<Year> year, MonthDay day, LocalTime time, Optional<ZoneOffset> offset) {
  /** A sender's clock may be so far ahead; a year-less stamp beyond is of the year before. */
  private static final Duration AHEAD = Duration.ofDays(1);

  /** RFC 3339; in place of the year a minus, where there is none. */
  private static final Pattern ISO =
      Pattern.compile(
          "(?:(?<year>\\d{4})|-)-(?<month>\\d\\d)-(?<day>\\d\\d)[Tt]"
              + "(?<hour>\\d\\d):(?<minute>\\d\\d):(?<second>\\d\\d)(?:[.,](?<fraction>\\d{1,9}))?"
              + "(?:(?<utc>[Zz])|(?<offset>[+-]\\d\\d:?\\d\\d))?");

  SyslogStamp {
    Objects.requireNonNull(year);
    Objects.requireNonNull(day);
    Objects.requireNonNull(time);
    Objects.requireNonNull(offset);
  }

  /** Reads what {@link #toString} writes, and RFC 3339; empty: it is no such stamp. */
  static Optional<SyslogStamp> parse(String text) {
    Matcher m = ISO.matcher(text);
    if (!m.matches()) {
      return Optional.empty();
    }
    String offset = m.group("utc") == null ? m.group("offset") : "Z";
    return of(
        m.group("year"),
        Integer.parseInt(m.group("month")),
        m.group("day"),
        m.group("hour") + m.group("minute") + m.group("second"),
        m.group("fraction"),
        offset);
  }

  /**
   * @param year null: none
   * @param time six digits
   * @param fraction of the second; null: none
   * @param offset {@code Z}, {@code +0100} or {@code +01:00}; null: none
   * @return empty where there is no such day, hour or offset
   */
  static Optional<SyslogStamp> of(
      String year, int month, String day, String time, String fraction, String offset) {
    try {
      int nanos = fraction == null ? 0 : Integer.parseInt((fraction + "00000000").substring(0, 9));
      int second = Math.min(59, Integer.parseInt(time.substring(4))); // 60: a leap second
      LocalTime at =
          LocalTime.of(
              Integer.parseInt(time.substring(0, 2)),
              Integer.parseInt(time.substring(2, 4)),
              second,
              nanos);
      MonthDay monthDay = MonthDay.of(month, Integer.parseInt(day));
      Optional<Year> inYear = Optional.ofNullable(year).map(Year::parse);
      if (inYear.isPresent() && !inYear.get().isValidMonthDay(monthDay)) {
        return Optional.empty();
      }
      return Optional.of(
          new SyslogStamp(inYear, monthDay, at, Optional.ofNullable(offset).map(ZoneOffset::of)));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /**
   * @param received when the message came: the year is that one's or the one before
   * @param zone the sender's, where the stamp names none
   */
  Instant at(Instant received, ZoneId zone) {
    ZoneId own = offset.<ZoneId>map(o -> o).orElse(zone);
    if (year.isPresent()) {
      return at(year.get(), own, received);
    }
    Instant latest = received.plus(AHEAD);
    Year last = Year.from(latest.atZone(own));
    // 29 February may be four years back, or eight.
    for (Year y = last; y.getValue() > last.getValue() - 9; y = y.minusYears(1)) {
      if (y.isValidMonthDay(day) && !at(y, own, received).isAfter(latest)) {
        return at(y, own, received);
      }
    }
    return received;
  }

  private Instant at(Year of, ZoneId own, Instant received) {
    LocalDate date = of.atMonthDay(day);
    return WallClock.instant(LocalDateTime.of(date, time), own, received);
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    String date = year.map(y -> "%04d".formatted(y.getValue())).orElse("-");
    return "%s-%02d-%02dT%02d:%02d:%02d.%09d%s"
        .formatted(
            date,
            day.getMonthValue(),
            day.getDayOfMonth(),
            time.getHour(),
            time.getMinute(),
            time.getSecond(),
            time.getNano(),
            offset.map(ZoneOffset::getId).orElse(""));
  }
}
