package io.banstream.standalone;

import java.math.BigDecimal;
import java.time.Instant;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Times as seconds since 1970 with their fraction, if they have one. */
final class Epoch implements ITypeConverter<Instant> {
  private static final int NANO_DIGITS = 9;

  static BigDecimal of(Instant time) {
    BigDecimal seconds =
        BigDecimal.valueOf(time.getEpochSecond())
            .add(BigDecimal.valueOf(time.getNano(), NANO_DIGITS))
            .stripTrailingZeros();
    return seconds.scale() < 0 ? seconds.setScale(0) : seconds;
  }

  @Override
  public Instant convert(String value) {
    try {
      BigDecimal seconds = new BigDecimal(value);
      long whole = seconds.longValue();
      long nanos =
          seconds.subtract(BigDecimal.valueOf(whole)).movePointRight(NANO_DIGITS).longValue();
      return Instant.ofEpochSecond(whole, nanos);
    } catch (NumberFormatException | java.time.DateTimeException e) {
      throw new TypeConversionException(
          "'" + value + "', expected seconds since 1970, as 1764043200.5");
    }
  }
}
