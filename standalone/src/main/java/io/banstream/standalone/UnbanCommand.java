package io.banstream.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** An operator's unban. */
@Command(
    name = "unban",
    description = {
      "Lift every ban of an address, on every host, and forget its failures.",
      "An address inside a banned network lifts that network's ban."
    },
    footer = {
      "",
      "Examples:",
      "  banstream unban 192.0.2.1",
      "  banstream unban 192.0.2.1 --jail dovecot --keep-history"
    })
final class UnbanCommand implements Callable<Integer> {
  @Mixin Verbose verbose;
  @Mixin Format format;
  @Mixin ConsoleAccess console;
  @Spec CommandSpec spec;

  @Parameters(paramLabel = "ADDRESS", description = "An address or a network.")
  private String address;

  @Option(names = "--jail", paramLabel = "JAIL", description = "Only this jail's ban.")
  private String jail;

  @Option(
      names = "--keep-history",
      description = "The lifted bans still count for recidive and longer bans.")
  private boolean keepHistory;

  @Mixin private Why why;

  @Override
  public Integer call() throws Exception {
    JsonNode answer =
        console.ordering().unban(address, Optional.ofNullable(jail), keepHistory, why.text());
    return Answer.print(spec, format, answer, OrderText::unban);
  }
}
