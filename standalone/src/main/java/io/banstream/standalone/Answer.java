package io.banstream.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Function;
import picocli.CommandLine.Model.CommandSpec;

/** Prints what was asked for. */
final class Answer {
  private Answer() {}

  /**
   * @param text turns the answer into text for people
   * @return the exit code
   */
  static int print(
      CommandSpec spec, Format format, JsonNode answer, Function<JsonNode, String> text) {
    spec.commandLine().getOut().println(format.isJson() ? answer.toString() : text.apply(answer));
    return Main.FINE;
  }
}
