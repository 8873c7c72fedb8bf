package io.banstream.jails;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Time zones as logs and {@code logtimezone} name them: {@code Z}, {@code +02:00}, {@code
 * UTC+0200}, {@code CEST} (zones.txt), {@code Europe/Zurich}.
 */
final class LogZone {
  private static final Pattern FIXED =
      Pattern.compile("([A-Za-z]{1,5})?(?:([+-])([01]?\\d):?(\\d{2})?)?");
  private static final Map<String, ZoneOffset> NAMES = new HashMap<>();

  static {
    for (String[] row : Table.rows("zones.txt")) {
      NAMES.put(row[0], ZoneOffset.of(row[1]));
    }
  }

  private LogZone() {}

  /** A fixed offset; empty where the name is not known. */
  static Optional<ZoneOffset> offset(String text) {
    Matcher m = FIXED.matcher(text);
    if (!m.matches() || text.isEmpty()) {
      return Optional.empty();
    }
    ZoneOffset base = m.group(1) == null ? ZoneOffset.UTC : NAMES.get(m.group(1));
    if (base == null) {
      return Optional.empty();
    }
    int minutes = 0;
    if (m.group(2) != null) {
      minutes = Integer.parseInt(m.group(3)) * 60;
      minutes += m.group(4) == null ? 0 : Integer.parseInt(m.group(4));
      minutes = m.group(2).equals("-") ? -minutes : minutes;
    }
    int seconds = base.getTotalSeconds() + minutes * 60;
    return Math.abs(seconds) > 18 * 3600
        ? Optional.empty()
        : Optional.of(ZoneOffset.ofTotalSeconds(seconds));
  }

  /**
   * @throws IllegalArgumentException if there is no such zone
   */
  static ZoneId parse(String text) {
    Optional<ZoneOffset> offset = offset(text);
    if (offset.isPresent()) {
      return offset.get();
    }
    try {
      return ZoneId.of(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("expected a time zone, as UTC+0200 or Europe/Zurich", e);
    }
  }
}
