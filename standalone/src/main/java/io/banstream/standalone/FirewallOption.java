package io.banstream.standalone;

import io.banstream.enforcer.FirewallKind;
import java.util.Arrays;
import java.util.stream.Collectors;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code auto}, {@code ipset}, ... as the command line has them. */
final class FirewallOption implements ITypeConverter<FirewallKind> {
  @Override
  public FirewallKind convert(String value) {
    return Arrays.stream(FirewallKind.values())
        .filter(kind -> kind.word().equals(value))
        .findFirst()
        .orElseThrow(
            () -> new TypeConversionException("'" + value + "', expected one of " + words()));
  }

  private static String words() {
    return Arrays.stream(FirewallKind.values())
        .map(FirewallKind::word)
        .collect(Collectors.joining(", "));
  }
}
