package io.banstream.standalone;

import java.util.List;
import picocli.CommandLine.Option;

/** What every command has. */
final class Verbose {
  static final String OPTION = "--verbose";

  @Option(names = OPTION, description = "Tell more on stderr, and where an error came from.")
  boolean verbose;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  boolean help;

  /** Must come before the first logger is made. */
  static void raise() {
    System.setProperty("org.slf4j.simpleLogger.log.io.banstream", "debug");
    System.setProperty("org.slf4j.simpleLogger.log.org.apache.kafka", "warn");
    for (String quiet :
        List.of(
            "kafka",
            "org.apache.kafka.clients.NetworkClient",
            "org.apache.kafka.streams",
            "org.apache.kafka.storage",
            "org.apache.kafka.server",
            "org.apache.kafka.raft")) {
      System.setProperty("org.slf4j.simpleLogger.log." + quiet, "warn");
    }
  }
}
