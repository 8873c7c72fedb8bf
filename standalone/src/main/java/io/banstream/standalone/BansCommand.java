package io.banstream.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import io.banstream.console.StatusText;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The bans in force. */
@Command(
    name = "bans",
    description = "List the bans in force, the newest first.",
    footer = {
      "",
      "Examples:",
      "  banstream bans",
      "  banstream bans --jail recidive --format json"
    })
final class BansCommand implements Callable<Integer> {
  @Mixin Verbose verbose;
  @Mixin Format format;
  @Mixin ConsoleAccess console;
  @Spec CommandSpec spec;

  @Option(names = "--jail", paramLabel = "JAIL", description = "Only this jail's.")
  private String jail;

  @Option(names = "--host", paramLabel = "NAME", description = "Only those that reach this host.")
  private String host;

  @Override
  public Integer call() throws Exception {
    JsonNode answer = console.asking().bans(Optional.ofNullable(jail), Optional.ofNullable(host));
    return Answer.print(spec, format, answer, StatusText::bans);
  }
}
