package io.banstream.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import io.banstream.console.StatusText;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The fleet's hosts. */
@Command(
    name = "hosts",
    description =
        "List the fleet's hosts: what they read and enforce, how far behind, what is " + "wrong.",
    footer = {"", "Example:", "  banstream hosts"})
final class HostsCommand implements Callable<Integer> {
  @Mixin Verbose verbose;
  @Mixin Format format;
  @Mixin ConsoleAccess console;
  @Spec CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    JsonNode answer = console.asking().hosts();
    return Answer.print(spec, format, answer, StatusText::hosts);
  }
}
