package io.banstream.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Withdraws an allow. */
@Command(
    name = "disallow",
    description = "Withdraw an allow: it may be banned again.",
    footer = {"", "Example:", "  banstream disallow 192.0.2.0/24"})
final class DisallowCommand implements Callable<Integer> {
  @Mixin Verbose verbose;
  @Mixin Format format;
  @Mixin ConsoleAccess console;
  @Spec CommandSpec spec;

  @Parameters(paramLabel = "CIDR|NAME", description = "As it was allowed ('banstream allows').")
  private String target;

  @Mixin private Why why;

  @Override
  public Integer call() throws Exception {
    JsonNode answer = console.ordering().disallow(target, why.text());
    return Answer.print(spec, format, answer, OrderText::disallow);
  }
}
