package io.banstream.standalone;

import io.banstream.standalone.Trial.Outcome;
import picocli.CommandLine.Option;

/** Which lines of a log are shown. */
final class PrintOptions {
  @Option(names = "--print-all-matched", description = "Show every line that matched.")
  private boolean allMatched;

  @Option(names = "--print-all-missed", description = "Show every line that did not.")
  private boolean allMissed;

  @Option(
      names = "--print-all-ignored",
      description = "Show every line that an ignoreregex took back, or that is no failure.")
  private boolean allIgnored;

  @Option(names = "--print-no-missed", description = "Show none, not even where they are few.")
  private boolean noMissed;

  @Option(names = "--print-no-ignored", description = "Show none, not even where they are few.")
  private boolean noIgnored;

  /** Whether all of them are to be shown. */
  boolean all(Outcome outcome) {
    return switch (outcome) {
      case MATCHED -> allMatched;
      case MISSED -> allMissed;
      case IGNORED -> allIgnored;
    };
  }

  /** Whether they are to be shown where they are few. */
  boolean few(Outcome outcome) {
    return switch (outcome) {
      case MATCHED -> false;
      case MISSED -> !noMissed && !allMissed;
      case IGNORED -> !noIgnored && !allIgnored;
    };
  }

  /** Whether any was given. */
  boolean given() {
    return allMatched || allMissed || allIgnored || noMissed || noIgnored;
  }

  /**
   * @throws IllegalArgumentException if two say the opposite
   */
  void check() {
    if (allMissed && noMissed) {
      throw new IllegalArgumentException("--print-all-missed and --print-no-missed");
    }
    if (allIgnored && noIgnored) {
      throw new IllegalArgumentException("--print-all-ignored and --print-no-ignored");
    }
  }
}
