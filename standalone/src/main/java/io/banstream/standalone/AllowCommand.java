package io.banstream.standalone;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** An operator's allow. */
@Command(
    name = "allow",
    description =
        "Never ban an address, a network or a host name; bans of it end now, on every " + "host.",
    footer = {
      "",
      "Examples:",
      "  banstream allow 192.0.2.0/24 --why \"the office\"",
      "  banstream allow mail.example.com --for 30d"
    })
final class AllowCommand implements Callable<Integer> {
  @Mixin Verbose verbose;
  @Mixin Format format;
  @Mixin ConsoleAccess console;
  @Spec CommandSpec spec;

  @Parameters(paramLabel = "CIDR|NAME", description = "An address, a network or a host name.")
  private String target;

  @Option(
      names = "--for",
      paramLabel = "TIME",
      converter = Length.class,
      description = "As 4h, 1d 12h or seconds (default: until it is withdrawn).")
  private Duration length;

  @Mixin private Why why;

  @Option(names = "--yes", description = "A network wider than /16 (IPv6: /32) is meant.")
  private boolean yes;

  @Override
  public Integer call() throws Exception {
    JsonNode answer =
        console.ordering().allow(target, Optional.ofNullable(length), why.text(), yes);
    return Answer.print(spec, format, answer, OrderText::allow);
  }
}
