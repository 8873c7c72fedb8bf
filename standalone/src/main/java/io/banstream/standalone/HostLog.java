package io.banstream.standalone;

import io.banstream.schemas.Key;
import java.nio.file.Path;
import java.util.Objects;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * A log and whose it is.
 *
 * @param host a name without blanks
 */
record HostLog(String host, Path log) {
  HostLog {
    Key.requirePart(host);
    Objects.requireNonNull(log);
  }

  /** NAME=FILE. */
  static final class Converter implements ITypeConverter<HostLog> {
    @Override
    public HostLog convert(String value) {
      int equals = value.indexOf('=');
      if (equals < 0 || equals == value.length() - 1) {
        throw new TypeConversionException("'" + value + "', expected NAME=FILE");
      }
      try {
        return new HostLog(value.substring(0, equals), Path.of(value.substring(equals + 1)));
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }
}
