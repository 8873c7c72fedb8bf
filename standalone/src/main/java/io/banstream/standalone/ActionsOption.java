package io.banstream.standalone;

import picocli.CommandLine.Option;

/** Whether this host's enforcer runs commands that come with its jails. */
final class ActionsOption {
  @Option(
      names = "--allow-actions",
      description =
          "Run the jails' other actions of action.d (actionstart, actionban, actionunban, "
              + "...), as this enforcer's user. Whoever may push jails may then run commands "
              + "on this host (default: they are not run). With a dry run they are printed.")
  boolean allowed;
}
