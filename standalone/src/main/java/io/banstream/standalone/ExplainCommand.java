package io.banstream.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import io.banstream.console.StatusText;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What is known of an address. */
@Command(
    name = "explain",
    description = {
      "Tell all that is known of an address: bans, the failures behind them, "
          + "allows, attempts.",
      "An address inside a banned network finds it."
    },
    footer = {"", "Example:", "  banstream explain 192.0.2.1"})
final class ExplainCommand implements Callable<Integer> {
  @Mixin Verbose verbose;
  @Mixin Format format;
  @Mixin ConsoleAccess console;
  @Spec CommandSpec spec;

  @Parameters(paramLabel = "ADDRESS", description = "An address or a network.")
  private String address;

  @Override
  public Integer call() throws Exception {
    JsonNode answer = console.asking().explain(address);
    return Answer.print(spec, format, answer, StatusText::explain);
  }
}
