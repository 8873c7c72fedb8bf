package io.banstream.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import io.banstream.jails.Configuration;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Puts a configuration in force. */
@Command(
    name = "push",
    description = {
      "Put a configuration in force for a group of hosts; jails that it lacks are " + "withdrawn.",
      "A policy value that differs from the fleet's is named, and the fleet's kept."
    },
    footer = {
      "",
      "Examples:",
      "  banstream jails push /etc/fail2ban",
      "  banstream jails push /etc/fail2ban --group centos6 --policy"
    })
final class JailsPushCommand implements Callable<Integer> {
  @Mixin Verbose verbose;
  @Mixin Format format;
  @Mixin ConsoleAccess console;
  @Spec CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "A folder such as /etc/fail2ban.")
  private Path config;

  @Option(
      names = "--group",
      paramLabel = "GROUP",
      defaultValue = "default",
      description = "Whose hosts are to run it (default: ${DEFAULT-VALUE}).")
  private String group;

  @Option(names = "--policy", description = "Its policy values take the place of the fleet's.")
  private boolean policy;

  @Override
  public Integer call() throws Exception {
    Configuration configuration = Configuration.read(config);
    configuration.notices().forEach(spec.commandLine().getErr()::println);
    JsonNode answer = console.ordering().push(group, configuration.jails(), policy);
    return Answer.print(spec, format, answer, OrderText::push);
  }
}
