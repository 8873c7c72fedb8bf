package io.banstream.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import io.banstream.console.StatusText;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The jails' figures. */
@Command(
    name = "status",
    description = "Show the jails, or one jail's figures as fail2ban-client does, fleet-wide.",
    footer = {
      "",
      "Examples:",
      "  banstream status",
      "  banstream status postfix-sasl",
      "  banstream status postfix-sasl --host relay1"
    })
final class StatusCommand implements Callable<Integer> {
  @Mixin Verbose verbose;
  @Mixin Format format;
  @Mixin ConsoleAccess console;
  @Spec CommandSpec spec;

  @Parameters(paramLabel = "JAIL", arity = "0..1", description = "One jail's figures.")
  private String jail;

  @Option(names = "--host", paramLabel = "NAME", description = "Only what this host saw or keeps.")
  private String host;

  @Override
  public Integer call() throws Exception {
    if (jail == null) {
      if (host != null) {
        throw new IllegalArgumentException("host = " + host + ", expected a JAIL beside it");
      }
      return Answer.print(spec, format, console.asking().status(), StatusText::status);
    }
    JsonNode figures = console.asking().status(jail, Optional.ofNullable(host));
    return Answer.print(spec, format, figures, StatusText::jail);
  }
}
