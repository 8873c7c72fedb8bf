package io.banstream.standalone;

import io.banstream.jails.TimeSpan;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How long something is to hold, as jail.conf has times. */
final class Length implements ITypeConverter<Duration> {
  @Override
  public Duration convert(String value) {
    try {
      Duration length = TimeSpan.parse(value);
      if (length.toSeconds() < 1 && !value.strip().equals("-1")) {
        throw new TypeConversionException("'" + value + "', expected a time above 0, or -1");
      }
      return length;
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
