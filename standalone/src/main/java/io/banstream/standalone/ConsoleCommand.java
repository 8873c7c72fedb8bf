package io.banstream.standalone;

import io.banstream.console.Console;
import io.banstream.console.ConsoleSettings;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The console alone. */
@Command(
    name = "console",
    description = {
      "Run the console alone: the page, the metrics, and what 'status', 'ban' and "
          + "the like ask.",
      "Prints 'Ready: URL' once its picture is whole, then a line for each ban and " + "unban."
    },
    footer = {
      "",
      "Example:",
      "  banstream console --kafka-config /etc/banstream/console.properties --http 127.0.0.1:7433"
    })
final class ConsoleCommand implements Callable<Integer> {
  @Mixin Verbose verbose;
  @Mixin KafkaOptions kafka;
  @Mixin DataOption data;
  @Mixin MailOptions mail;
  @Mixin WebhookOption webhook;
  @Mixin UserOptions users;
  @Spec CommandSpec spec;

  @Option(
      names = "--http",
      paramLabel = "HOST:PORT",
      defaultValue = ConsoleAccess.BIND,
      description = "Where it listens; port 0: a free one (default: ${DEFAULT-VALUE}).")
  private String http;

  @Override
  public Integer call() throws Exception {
    ConsoleSettings settings =
        new ConsoleSettings(
            kafka.connection(),
            http,
            data.data,
            Clock.systemUTC(),
            mail.settings(false),
            webhook.target(),
            users.limits(),
            spec.commandLine().getOut()::println);
    return new RoleRun(spec, data.data, "console")
        .untilTold(() -> Console.start(settings), console -> "Ready: " + console.address());
  }
}
