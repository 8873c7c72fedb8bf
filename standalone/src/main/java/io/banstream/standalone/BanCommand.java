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

/** An operator's ban. */
@Command(
    name = "ban",
    description = "Ban an address or a network, on every host.",
    footer = {
      "",
      "Examples:",
      "  banstream ban 192.0.2.1 --for 4h --why \"spam run\"",
      "  banstream ban 2001:db8::/64 --jail postfix-sasl"
    })
final class BanCommand implements Callable<Integer> {
  @Mixin Verbose verbose;
  @Mixin Format format;
  @Mixin ConsoleAccess console;
  @Spec CommandSpec spec;

  @Parameters(paramLabel = "ADDRESS", description = "An address or a network.")
  private String address;

  @Option(
      names = "--jail",
      paramLabel = "JAIL",
      description = "Ban in this jail, on its ports (default: manual, on all ports).")
  private String jail;

  @Option(
      names = "--for",
      paramLabel = "TIME",
      converter = Length.class,
      description = "As 4h, 1d 12h or seconds; -1: for ever (default: the jail's bantime).")
  private Duration length;

  @Mixin private Why why;

  @Option(names = "--yes", description = "A network wider than /16 (IPv6: /32) is meant.")
  private boolean yes;

  @Override
  public Integer call() throws Exception {
    JsonNode answer =
        console
            .ordering()
            .ban(address, Optional.ofNullable(jail), Optional.ofNullable(length), why.text(), yes);
    return Answer.print(spec, format, answer, OrderText::ban);
  }
}
