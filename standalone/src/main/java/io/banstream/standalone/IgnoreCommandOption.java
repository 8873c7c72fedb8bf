package io.banstream.standalone;

import picocli.CommandLine.Option;

/** Whether this host's agent runs commands that come with its jails. */
final class IgnoreCommandOption {
  @Option(
      names = "--allow-ignorecommand",
      description =
          "Run the jails' ignorecommand, as this agent's user. Whoever may push jails "
              + "may then run commands on this host (default: they are not run; what they "
              + "would ignore is counted).")
  boolean allowed;
}
