package io.banstream.standalone;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** All that concerns configurations. */
@Command(
    name = "jails",
    synopsisSubcommandLabel = "COMMAND",
    description = "Check a configuration, put it in force, list what is in force.",
    subcommands = {JailsCheckCommand.class, JailsPushCommand.class, JailsListCommand.class})
final class JailsCommand implements Runnable {
  @Mixin Verbose verbose;
  @Spec CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "which of check, push, list?");
  }
}
