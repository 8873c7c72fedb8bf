package io.banstream.standalone;

import java.io.IOException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which host of the fleet this is. */
final class HostOptions {
  @Mixin private HostName name;

  @Option(
      names = "--group",
      paramLabel = "GROUP",
      defaultValue = "default",
      description = "The group of hosts whose jails it runs (default: ${DEFAULT-VALUE}).")
  String group;

  String host() throws IOException {
    return name.text();
  }
}
