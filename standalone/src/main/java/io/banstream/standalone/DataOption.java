package io.banstream.standalone;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where this host's banstream keeps its things. */
final class DataOption {
  static final String DEFAULT = "/var/lib/banstream";

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "${env:BANSTREAM_DATA:-" + DEFAULT + "}",
      description = "The data folder (default: BANSTREAM_DATA, else " + DEFAULT + ").")
  Path data;
}
