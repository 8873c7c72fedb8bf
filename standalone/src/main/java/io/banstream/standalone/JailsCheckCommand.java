package io.banstream.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import io.banstream.jails.Configuration;
import io.banstream.jails.Notice;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Validates a configuration. */
@Command(
    name = "check",
    description = {
      "Read a configuration and say what is unknown, what is not needed, and what " + "it means.",
      "Exits with 0 if it is clean, 1 with warnings, 2 if it can't be put in force."
    },
    footer = {"", "Example:", "  banstream jails check /etc/fail2ban"})
final class JailsCheckCommand implements Callable<Integer> {
  @Mixin Verbose verbose;
  @Mixin Format format;
  @Spec CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "A folder such as /etc/fail2ban.")
  private Path config;

  @Override
  public Integer call() throws Exception {
    Configuration configuration = Configuration.read(config);
    JsonNode answer = JailsReport.of(configuration);
    Answer.print(spec, format, answer, JailsReport::text);
    boolean warned =
        configuration.notices().stream().anyMatch(n -> n.severity() == Notice.Severity.WARNING);
    return warned ? Main.FAILED : Main.FINE;
  }
}
