package io.banstream.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import io.banstream.console.StatusText;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The jails in force. */
@Command(
    name = "list",
    description = "List the jails in force, and the groups that run them.",
    footer = {"", "Example:", "  banstream jails list"})
final class JailsListCommand implements Callable<Integer> {
  @Mixin Verbose verbose;
  @Mixin Format format;
  @Mixin ConsoleAccess console;
  @Spec CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    JsonNode answer = console.asking().jails();
    return Answer.print(spec, format, answer, StatusText::jails);
  }
}
