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
      return TimeSpan.parse(value);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
