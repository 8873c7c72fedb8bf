package io.banstream.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import io.banstream.console.StatusText;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What is never banned. */
@Command(
    name = "allows",
    description = "List what operators have allowed: it is never banned.",
    footer = {"", "Example:", "  banstream allows"})
final class AllowsCommand implements Callable<Integer> {
  @Mixin Verbose verbose;
  @Mixin Format format;
  @Mixin ConsoleAccess console;
  @Spec CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    JsonNode answer = console.asking().allows();
    return Answer.print(spec, format, answer, StatusText::allows);
  }
}
