package io.banstream.standalone;

import java.util.Optional;
import picocli.CommandLine.Option;

/** {@code --why}, of each command that gives an order. */
final class Why {
  @Option(names = "--why", paramLabel = "TEXT", description = "The reason, kept with the order.")
  private String text;

  Optional<String> text() {
    return Optional.ofNullable(text);
  }
}
