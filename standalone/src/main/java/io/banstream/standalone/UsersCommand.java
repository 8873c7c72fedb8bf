package io.banstream.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import io.banstream.console.StatusText;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** User names that are guessed at. */
@Command(
    name = "users",
    description = {
      "List the addresses that tried many user names within the last hour, and the names that were "
          + "tried from many addresses.",
      "Nobody is banned for it. From how many on, --user-names and --user-addresses of the console "
          + "say."
    },
    footer = {"", "Example:", "  banstream users"})
final class UsersCommand implements Callable<Integer> {
  @Mixin Verbose verbose;
  @Mixin Format format;
  @Mixin ConsoleAccess console;
  @Spec CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    JsonNode answer = console.asking().users();
    return Answer.print(spec, format, answer, StatusText::users);
  }
}
