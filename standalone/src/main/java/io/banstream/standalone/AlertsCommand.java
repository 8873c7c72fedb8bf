package io.banstream.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import io.banstream.console.StatusText;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Where a guard held back what one host alone told, and what else guards have to tell. */
@Command(
    name = "alerts",
    description = {
      "List the hosts whose word a guard has held back in the last 30 days, newest first.",
      "One whose word alone bans more on the others than guard.bans allows is attacked, "
          + "or broken into. Who logs in is banned on one host only (known.days).",
      "And the networks that subnet.maxbans leaves open, because something in them is allowed; "
          + "what guard.spare spares; hosts whose clock is ahead, and such as send a hundred "
          + "times their usual."
    },
    footer = {"", "Example:", "  banstream alerts"})
final class AlertsCommand implements Callable<Integer> {
  @Mixin Verbose verbose;
  @Mixin Format format;
  @Mixin ConsoleAccess console;
  @Spec CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    JsonNode answer = console.asking().alerts();
    return Answer.print(spec, format, answer, StatusText::alerts);
  }
}
