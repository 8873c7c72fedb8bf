package io.banstream.standalone;

import java.time.DateTimeException;
import java.time.ZoneId;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A time zone by its name, its offset, or as TZ has it (POSIX). */
final class Zone implements ITypeConverter<ZoneId> {
  @Override
  public ZoneId convert(String value) {
    try {
      return ZoneId.of(value);
    } catch (DateTimeException e) {
      return posix(value);
    }
  }

  private static ZoneId posix(String value) {
    try {
      return PosixZone.parse(value);
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new TypeConversionException(
          "'" + value + "', expected Europe/Zurich, +02:00 or CET-1CEST,M3.5.0,M10.5.0/3");
    }
  }
}
