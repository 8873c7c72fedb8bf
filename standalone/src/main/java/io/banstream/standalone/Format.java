package io.banstream.standalone;

import picocli.CommandLine.Option;

/** How an answer is written. */
final class Format {
  /** For people, or for programs. */
  enum Kind {
    TEXT,
    JSON
  }

  @Option(
      names = "--format",
      paramLabel = "text|json",
      defaultValue = "text",
      description = "How the answer is written (default: ${DEFAULT-VALUE}).")
  private Kind kind;

  boolean isJson() {
    return kind == Kind.JSON;
  }
}
