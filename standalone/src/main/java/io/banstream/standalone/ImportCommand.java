package io.banstream.standalone;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What another system banned. */
@Command(
    name = "import",
    synopsisSubcommandLabel = "COMMAND",
    description = "Take over what another system banned.",
    subcommands = ImportFail2banCommand.class)
final class ImportCommand implements Runnable {
  @Mixin Verbose verbose;
  @Spec CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "from what? fail2ban");
  }
}
